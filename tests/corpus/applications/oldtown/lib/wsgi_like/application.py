#!/usr/bin/python
# vim: set ts=4 noet :
import sys
try:
	import flama
except ImportError:
	sys.stderr.write('please install flama\n')
	sys.exit(1)

from wsgi_like.conf import *
from wsgi_like.routes import urlpatterns, ws_patterns, include_all
from wsgi_like import hacks

class Application(flama.Flama):
	'''Old style: everything in one class'''
	def __init__(self, conf):
		flama.Flama.__init__(self, docs=None, debug=conf['debug'])
		self.conf = conf
		self.load(urlpatterns)

	def load(self, patterns, prefix=''):
		for pattern in patterns:
			if len(pattern) == 2:
				regex, view = pattern
				opts = {}
			else:
				regex, view, opts = pattern
			if isinstance(view, list):
				self.load(view, prefix + regex)
			else:
				self.add_route(prefix + regex, view, **opts)

application = Application(CONF)
for p, v in ws_patterns: application.add_websocket_route(p, v)
include_all(application)
hacks.apply(application)

if __name__ == '__main__':
	flama.run(flama_app=application, server_port=int(sys.argv[1]))
