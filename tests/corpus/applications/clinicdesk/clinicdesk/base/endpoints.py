from flama.endpoints import HTTPEndpoint


class BaseEndpoint(HTTPEndpoint):
  model = None

  def options(self):
    return {"model": str(self.model)}

  def _log(self, text):
    pass


class ListEndpoint(BaseEndpoint):
  def get(self, page: int = 1, size: int = 50):
    return []


class CreateMixin:
  async def post(self):
    return {}


class DetailEndpoint(BaseEndpoint):
  def get(self, id: int):
    return id

  async def put(self, id: int):
    return id

  async def delete(self, id: int):
    return None


class ReadOnlyDetail(DetailEndpoint):
  put = None
  delete = None
