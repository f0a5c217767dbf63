from wikibase.registry import area
from wikibase.views._limits import LIMITS

files = area('/files')

for kind, limit in LIMITS.items():
    @files('/' + kind, methods=['POST'], name='upload-' + kind)
    def upload(size: int = limit):
        return size
