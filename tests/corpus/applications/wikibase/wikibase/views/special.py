'''Special pages are one class each; subclassing is registering.'''
from wikibase.registry import route

SPECIAL = {}


def special(cls):
    SPECIAL[cls.slug] = cls
    return cls


@special
class Recent:
    slug = 'recent-changes'

    @staticmethod
    def view(days: int = 7):
        return days


@special
class Orphans:
    slug = 'orphans'

    @staticmethod
    def view():
        return []


for slug, cls in SPECIAL.items():
    route('/special/' + slug, name=slug)(cls.view)
