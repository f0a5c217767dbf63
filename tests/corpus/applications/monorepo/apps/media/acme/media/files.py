from flama import Router, types

files = Router()
put = files.put


@files.get("/")
def index(): ...


@put("/{name}")
def store(name: str, body: types.Body): ...


@files.get("/{name}")
@files.options("/{name}")
def fetch(name: str): ...
