from flama.http import JSONResponse


class NotBalanced(Exception):
    pass


def not_balanced(request, exc):
    return JSONResponse({"error": "not balanced"}, status_code=409)
