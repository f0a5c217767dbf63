from flama import Router

from .boards import boards

projects = Router()


@projects.get("/")
async def index(archived: bool = False): ...


@projects.get("/{project:uuid}")
async def show(project): ...


projects.mount("/{project:uuid}/boards", boards, name="boards")
