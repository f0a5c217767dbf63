# Quick fixes. Remove some day (2014)

def apply(app):
	_fix_favicon(app)
	for old in 'shop.php news.php'.split():
		app.route('/' + old, ['GET', 'POST'], include_in_schema=False, name=old)(legacy)

def _fix_favicon(app):
	app.add_get('/favicon.ico', lambda: None, name='favicon')

def legacy():
	return 'moved'
