import uuid

from clinicdesk import base


class RecordList(base.ListEndpoint):
  def get(self, id: int, kind: str = "all"):
    return []


class RecordDetail(base.ReadOnlyDetail):
  def get(self, id: int, record: uuid.UUID):
    return str(record)
