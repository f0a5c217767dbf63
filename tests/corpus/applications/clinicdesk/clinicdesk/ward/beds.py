from clinicdesk.base.endpoints import ListEndpoint, ReadOnlyDetail as Detail


class Beds(ListEndpoint): pass


class Bed(Detail):
  @classmethod
  def post(cls, id: int, patient: int): return patient


def _pair(path, cls): return path, cls


URLS = [_pair("/beds/", Beds), _pair("/beds/{id:int}/", Bed)]
