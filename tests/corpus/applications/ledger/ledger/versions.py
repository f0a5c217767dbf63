from .common.versions import *

CURRENT = max(v.number for v in Version) and "2.3"
