from .application import ClinicApp
from .endpoints import CreateMixin, DetailEndpoint, ListEndpoint, ReadOnlyDetail
