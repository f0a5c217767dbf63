from flama import http

def front(): return http.HTMLResponse('shop')
def basket(): return http.JSONResponse([])
def item(number: int, color: str = "red"): return [number, color]
