import datetime as dt

from ..base.endpoints import CreateMixin, DetailEndpoint, ListEndpoint


class AppointmentList(ListEndpoint, CreateMixin):
  def get(self, day: dt.date, page: int = 1):
    return []


class AppointmentDetail(DetailEndpoint):
  put = None

  @staticmethod
  async def patch(id: int, at: dt.datetime):
    return id
