"""FC2xx: what Python or the framework would refuse when the application is imported."""

from __future__ import annotations

from flama_compile.diagnostics.code import Code

__all__ = ["CODES"]

CODES: tuple[Code, ...] = (
    Code(
        "FC201",
        "undefined-name",
        "error",
        "name is not defined",
        """
        Code that runs when the application is imported uses a name that neither the module nor
        Python defines. Importing it would raise a NameError.
        """,
        "app = Flma()",
    ),
    Code(
        "FC202",
        "missing-module",
        "error",
        "module is not found",
        """
        An import names a module below a package of the project, of the standard library or of an
        installed distribution, and there is none. Modules of the project are looked for in the root
        and in `src`, or in the folders that `roots` of `[tool.flama-compile]` names.

        An import under `try: … except ImportError:` may fail, and is no error.
        """,
        "from shop.missing import router",
    ),
    Code(
        "FC203",
        "relative-import-beyond-package",
        "error",
        "relative import leaves the top-level package",
        """
        A relative import has more dots than there are packages around the module.
        """,
        "from ...settings import PREFIX",
    ),
    Code(
        "FC204",
        "missing-name",
        "error",
        "a module, class or object has no such name",
        """
        An attribute or an imported name does not exist. Importing the application would raise an
        AttributeError or an ImportError.
        """,
        "from shop.items import ruoter",
    ),
    Code(
        "FC205",
        "circular-import",
        "error",
        "circular import of a name that is not defined yet",
        """
        Two modules import each other, and one of them takes a name from the other before it is
        defined there. Python raises an ImportError for it.
        """,
        "# a.py: from b import x        b.py: from a import y",
    ),
    Code(
        "FC206",
        "import-raises",
        "error",
        "importing the application raises an exception",
        """
        A statement that runs when the application is imported raises an exception that nothing
        catches.
        """,
        'ROUTES = {}\napp.add_get(ROUTES["index"], index)',
    ),
    Code(
        "FC207",
        "wrong-arguments",
        "error",
        "a call does not fit the function",
        """
        A function is called with arguments that it does not take, or without one that it needs.
        Python raises a TypeError for it.
        """,
        '@app.get("/items/", method="POST")\ndef items(): ...',
    ),
    Code(
        "FC208",
        "missing-application",
        "error",
        "module has no such application",
        """
        APP is `package.module:attribute`, and the module has no attribute of that name.
        """,
        "flama-compile build shop.main:ap",
        exit=2,
    ),
    Code(
        "FC209",
        "not-an-application",
        "error",
        "APP is neither a Flama nor a Router",
        """
        The attribute that APP names holds something else, or something that only the running
        application knows, such as one of two applications chosen by the environment.
        """,
        "flama-compile build shop.main:settings",
        exit=2,
    ),
    Code(
        "FC210",
        "invalid-path",
        "error",
        "path is no template",
        """
        A path is empty or starts with a slash. A segment is a literal or exactly one parameter,
        `{name}` or `{name:type}`; types are `str`, `int`, `float`, `decimal` and `uuid`. Names are
        not repeated. The framework raises a ValueError when the route is registered.
        """,
        '@app.get("/files/{name}.json")\ndef file(name: str): ...',
    ),
    Code(
        "FC211",
        "invalid-methods",
        "error",
        "methods are not a list of methods",
        """
        `methods` is a list of HTTP methods. A plain string is refused, because it is a sequence of
        letters; so is a method for which an endpoint class has no verb.
        """,
        '@app.route("/items/", methods="GET")\ndef items(): ...',
    ),
    Code(
        "FC212",
        "refused-registration",
        "error",
        "the framework refuses this registration",
        """
        The framework raises an ApplicationError for this call: an argument is missing or
        unsuitable, such as a class that is no endpoint.
        """,
        '@app.route("/items/")\nclass Items: ...',
    ),
    Code(
        "FC213",
        "mount-cycle",
        "error",
        "an application is mounted below itself",
        """
        Following the mounts leads back to an application that is already above. The framework
        refuses it.
        """,
        'app.mount("/again", app)',
    ),
    Code(
        "FC214",
        "component-cycle",
        "error",
        "components need each other in a circle",
        """
        Resolving a component needs another, which needs the first. The framework refuses to start.
        """,
        """
        class Users(Component):
            def resolve(self, session: Session) -> User: ...

        class Sessions(Component):
            def resolve(self, user: User) -> Session: ...

        app = Flama(components=[Users(), Sessions()])

        @app.get("/me/")
        def me(user: User): ...
        """,
    ),
    Code(
        "FC215",
        "missing-package",
        "error",
        "package is not found",
        """
        An import names a package that is neither in the project, nor in the standard library, nor
        installed where flama-compile runs. It may be misspelt, or not be installed here: install
        what the application needs before `build`.

        `diff` goes on: where a package is not installed, the routes that the project registers by
        itself are the same, and what depends on the package is a dynamic site.
        """,
        "import slqalchemy",
    ),
    Code(
        "FC216",
        "unused-declaration",
        "warning",
        "a declaration of the settings names nothing",
        """
        A constant, a file or a source root that `[tool.flama-compile]` names is nowhere in the
        project, so it has no effect. It is probably misspelt, or what it named was renamed. A name
        of a module that this application does not import is not reported, because another
        application of the project may use it.
        """,
        '[tool.flama-compile.constants]\n"shop.settings.PREFXI" = "/api"',
    ),
    Code(
        "FC217",
        "incomplete-component",
        "error",
        "component does not say what it resolves",
        """
        A component resolves the parameters whose annotation is the return annotation of its
        `resolve`. This one has no `resolve`, or one without a return annotation, and does not
        define `can_handle_parameter` either, so the application would refuse to start.
        """,
        """
        class FindUser(Component):
            def resolve(self, token: str):     # write `-> User`
                return User()

        app.add_component(FindUser())

        @app.get("/me/")
        def me(user: User): ...
        """,
    ),
    Code(
        "FC218",
        "undefined-annotation",
        "error",
        "annotation of a parameter names something that is not there",
        """
        Annotations in quotes, and all of them under `from __future__ import annotations`, are
        evaluated when the application starts. A name that is imported only under
        `if TYPE_CHECKING` is not there then, so the application would refuse to start.
        """,
        """
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from shop.models import Order

        @app.post("/orders/")
        def add(order: "Order"): ...
        """,
    ),
    Code(
        "FC219",
        "not-a-model",
        "error",
        "`SchemaMetadata` names no model",
        """
        Bodies and results are validated by a pydantic model, a dataclass, a `msgspec.Struct` or a
        `TypedDict`. Anything else is refused when the application starts. For many objects, name
        the model and use `SchemaList`.
        """,
        """
        from typing import Annotated

        from flama.types import Schema, SchemaMetadata

        @app.post("/items/")
        def add(items: Annotated[Schema, SchemaMetadata(list[Item])]): ...
        """,
    ),
    Code(
        "FC220",
        "shadowing-module",
        "warning",
        "module of the project has the name of another that Python may have loaded",
        """
        Folders of the project come first where Python looks for modules, so the file of the project
        is read. But Python looks only for what it has not loaded yet: a server that has loaded the
        standard module, or the package, of this name before it imports the application gives that
        one to the application. Modules that the interpreter always has, such as `sys`, `time` and
        `os`, are never replaced by a file.
        """,
        """
        from json import router        # json.py of the project, or the standard one?
        """,
    ),
)
