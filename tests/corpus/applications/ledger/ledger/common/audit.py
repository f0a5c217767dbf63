import functools


def audited(event):
    def decorate(view):
        @functools.wraps(view)
        async def wrapper(*args, **kwargs):
            return await view(*args, **kwargs)

        wrapper.event = event
        return wrapper

    return decorate
