# Uses an application of its own because of the components.
from flama import Flama

from newsroom.desks.culture import reviews
from newsroom.desks.culture.calendar import Calendar, Day
from newsroom.foundation.auth import EditorComponent

culture = Flama(components=[EditorComponent()], schema=None, docs=None)
culture.add_route("/calendar/", Calendar)
culture.add_route("/calendar/{day}/", Day)
reviews.add_to(culture)
