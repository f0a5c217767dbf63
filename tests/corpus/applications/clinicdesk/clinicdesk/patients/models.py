from dataclasses import dataclass
from datetime import date


@dataclass
class Patient:
  name: str
  born: date
