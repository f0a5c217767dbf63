from enum import Enum


class Currency(Enum):
  EUR = "eur"
  CHF = "chf"
