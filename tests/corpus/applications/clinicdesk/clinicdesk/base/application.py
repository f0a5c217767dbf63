from flama import Flama, Router


class ClinicApp(Flama):
  """Registers whole lists of (path, class) pairs.

  The two-space indentation is a house rule.
  """

  subsite_class = Router

  def __init__(self, title, *, urls=(), socket_urls=(), **options):
    options.setdefault("openapi", {"info": {"title": title, "version": "1"}})
    super().__init__(**options)
    self.title = title
    for path, endpoint in urls:
      self.add_route(path, endpoint)
    for path, endpoint in socket_urls:
      self.add_websocket_route(path, endpoint)

  def autoload(self, subsites):
    for prefix in sorted(subsites):
      self.mount(prefix, self.build_subsite(subsites[prefix]), name=prefix[1:])

  def build_subsite(self, urls):
    site = self.subsite_class()
    for path, endpoint in urls:
      site.add_route(path, endpoint, name=endpoint.__name__.lower())
    return site
