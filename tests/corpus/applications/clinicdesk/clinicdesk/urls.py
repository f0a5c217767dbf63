from clinicdesk.appointments import endpoints as appointments
from clinicdesk.billing import endpoints as billing
from clinicdesk.patients import endpoints as patients, records
from clinicdesk.ward import beds, monitors

URLS = [
  ("/patients/", patients.PatientList),
  ("/patients/{id:int}/", patients.PatientDetail),
  ("/patients/{id:int}/records/", records.RecordList),
  ("/patients/{id:int}/records/{record:uuid}/", records.RecordDetail),
  ("/appointments/", appointments.AppointmentList),
  ("/appointments/{id:int}/", appointments.AppointmentDetail),
]

SOCKETS = (
  ("/ward/monitor/{bed:int}/", monitors.BedMonitor),
  ("/ward/alarm/", monitors.AlarmChannel),
)

SUBSITES = {
  "/ward": beds.URLS,
  "/billing": billing.URLS,
}
