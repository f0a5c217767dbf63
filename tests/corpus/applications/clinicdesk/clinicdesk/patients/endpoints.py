from clinicdesk.base import CreateMixin, DetailEndpoint, ListEndpoint
from clinicdesk.patients.models import Patient


class PatientList(CreateMixin, ListEndpoint):
  model = Patient

  async def post(self, patient: Patient):
    self._log("created")
    return patient


class PatientDetail(DetailEndpoint):
  model = Patient

  async def patch(self, id: int, patient: Patient):
    return patient
