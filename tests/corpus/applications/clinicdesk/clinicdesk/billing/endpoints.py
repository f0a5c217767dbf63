from clinicdesk.base import DetailEndpoint, ListEndpoint, ReadOnlyDetail
from clinicdesk.billing.money import Currency


class Invoices(ListEndpoint):
  def get(self, currency: Currency = Currency.EUR, unpaid: bool = True):
    return []


class Invoice(ReadOnlyDetail):
  def post(self, id: int):
    return id


class Refund(DetailEndpoint):
  get = delete = None


URLS = [("/invoices/", Invoices), ("/invoices/{id:int}/", Invoice)]
URLS += [("/invoices/{id:int}/refund/", Refund)]
