# Compiled by flama-compile from app:app. Do not edit.
# To compile it again: flama-compile build app:app

"""The routes of app:app, in registration order.

GET,HEAD  /it's                                app:view
GET,HEAD  /say-"hi"                            app:view
GET,HEAD  /\"\"\"                                 app:view
GET,HEAD  /back\\slash\\                         app:view
GET,HEAD  "/new\\nline"                         app:view
GET,HEAD  /naïve/日本語/{x}                       app:view
GET,HEAD  "/a b/{x}"                           app:view
GET,HEAD  /%7B%7D                              app:view
GET,HEAD,M-SEARCH,class,rest /match                               app:list
GET,HEAD  /class/def/None                      app:list
GET,HEAD  /take/{scope}/{view:int}             app:take
GET,HEAD  /number/{segments:int}/{UUID}        app:number
GET,HEAD  /{segment0}/{segment1}/{segment2}/{segment3}/{segment4}/{segment5}/\
{segment6}/{segment7}/{segment8} app:view
GET,HEAD  /deep0/deep1/deep2/deep3/deep4/deep5/deep6/deep7/deep8/deep9/deep10/deep11/\
deep12/deep13/deep14/deep15/deep16/deep17/deep18/deep19/deep20/deep21/deep22/deep23/\
deep24/deep25/deep26/deep27/deep28/deep29/deep30/deep31/deep32/deep33/deep34/deep35/\
deep36/deep37/deep38/deep39/deep40/deep41/deep42/deep43/deep44/deep45/deep46/deep47/\
deep48/deep49/deep50/deep51/deep52/deep53/deep54/deep55/deep56/deep57/deep58/deep59/\
{x} app:view
"""

from __future__ import annotations

from collections.abc import Awaitable
from typing import Any

from flama.dispatch import (
    NOT_FOUND,
    Match,
    Mismatch,
    Receive,
    Resource,
    Scope,
    Segments,
    Send,
    View,
    is_int,
    load,
    no_arguments,
    query_errors,
    query_of,
    serve,
    to_int,
)

from app import app as application

CONTRACT = 1

# What the application registered when this was compiled: loading compares.
ROUTES = """\
GET,HEAD /it's app:view quote ()
GET,HEAD /say-"hi" app:view "\\"" ()
GET,HEAD /\"\"\" app:view docstring ()
GET,HEAD /back\\slash\\ app:view back\\slash ()
GET,HEAD "/new\\nline" app:view "new\\nline" ()
GET,HEAD /naïve/日本語/{x} app:view 日本語 ()
GET,HEAD "/a b/{x}" app:view "a b" ()
GET,HEAD /%7B%7D app:view ? ()
GET,HEAD,M-SEARCH,class,rest /match app:list "-" ()
GET,HEAD /class/def/None app:list "" ()
GET,HEAD /take/{scope}/{view:int} app:take take (scope:str,view:int,errors:int=)
GET,HEAD /number/{segments:int}/{UUID} app:number number (segments:int,UUID:str)
GET,HEAD /{segment0}/{segment1}/{segment2}/{segment3}/{segment4}/{segment5}/{segment6}/\
{segment7}/{segment8} app:view long ()
GET,HEAD /deep0/deep1/deep2/deep3/deep4/deep5/deep6/deep7/deep8/deep9/deep10/deep11/\
deep12/deep13/deep14/deep15/deep16/deep17/deep18/deep19/deep20/deep21/deep22/deep23/\
deep24/deep25/deep26/deep27/deep28/deep29/deep30/deep31/deep32/deep33/deep34/deep35/\
deep36/deep37/deep38/deep39/deep40/deep41/deep42/deep43/deep44/deep45/deep46/deep47/\
deep48/deep49/deep50/deep51/deep52/deep53/deep54/deep55/deep56/deep57/deep58/deep59/\
{x} app:view deep ()
"""

views = load(__name__, "app:app", application, CONTRACT, ROUTES)


def bind_scope_view_errors(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    query = query_of(scope)
    try:
        errors = (
            to_int(query["errors"]) if "errors" in query else view.defaults["errors"]
        )
    except (KeyError, Mismatch):
        raise query_errors(view, query, errors=to_int) from None
    return view.call(scope=segments[2], view=int(segments[3]), errors=errors)


def bind_segments_uuid(
    view: View, scope: Scope, receive: Receive, send: Send, segments: Segments
) -> Awaitable[Any]:
    return view.call(segments=int(segments[2]), UUID=segments[3])


# The views, in registration order, each with what fills its parameters.
view = views.take(no_arguments)
view_say_hi = views.take(no_arguments)
view_root = views.take(no_arguments)
view_back_slash = views.take(no_arguments)
view_new_line = views.take(no_arguments)
view_naive_x = views.take(no_arguments)
view_a_b_x = views.take(no_arguments)
view_n7_b_7_d = views.take(no_arguments)
app_list = views.take(no_arguments)
list_class_def_none = views.take(no_arguments)
take = views.take(bind_scope_view_errors)
number = views.take(bind_segments_uuid)
view_segment0_segment1_segment7_segment8 = views.take(no_arguments)
view_deep0_deep1_deep2_deep3_deep57_deep58_deep59_x = views.take(no_arguments)

# The resources: what answers one path, by method.
IT_S = Resource(GET=view, HEAD=view)
SAY_HI = Resource(GET=view_say_hi, HEAD=view_say_hi)
ROOT = Resource(GET=view_root, HEAD=view_root)
BACK_SLASH = Resource(GET=view_back_slash, HEAD=view_back_slash)
NEW_LINE = Resource(GET=view_new_line, HEAD=view_new_line)
N7_B_7_D = Resource(GET=view_n7_b_7_d, HEAD=view_n7_b_7_d)
MATCH = Resource(
    **{
        "GET": app_list,
        "HEAD": app_list,
        "M-SEARCH": app_list,
        "class": app_list,
        "rest": app_list,
    },
)
CLASS_DEF_NONE = Resource(GET=list_class_def_none, HEAD=list_class_def_none)
NAIVE_X = Resource(GET=view_naive_x, HEAD=view_naive_x)
A_B_X = Resource(GET=view_a_b_x, HEAD=view_a_b_x)
TAKE_SCOPE_VIEW = Resource(GET=take, HEAD=take)
NUMBER_SEGMENTS_UUID = Resource(GET=number, HEAD=number)
DEEP0_DEEP1_DEEP2_DEEP3_DEEP57_DEEP58_DEEP59_X = Resource(
    GET=view_deep0_deep1_deep2_deep3_deep57_deep58_deep59_x,
    HEAD=view_deep0_deep1_deep2_deep3_deep57_deep58_deep59_x,
)
SEGMENT0_SEGMENT1_SEGMENT7_SEGMENT8 = Resource(
    GET=view_segment0_segment1_segment7_segment8,
    HEAD=view_segment0_segment1_segment7_segment8,
)


def match_http(path: str) -> Match:
    """The resource of a path, and the segments of the path."""
    resource = HTTP_STATIC.get(path)
    if resource is not None:
        return resource, ()
    segments = path.split("/")
    if segments[0] or not path:
        return NOT_FOUND
    count = len(segments)
    if (
        segments[1] == "naïve"
        and count == 4
        and segments[2] == "日本語"
        and segments[3]
    ):
        return NAIVE_X, segments
    if segments[1] == "a b" and count == 3 and segments[2]:
        return A_B_X, segments
    if segments[1] == "take" and count == 4 and segments[2] and is_int(segments[3]):
        return TAKE_SCOPE_VIEW, segments
    if segments[1] == "number" and count == 4 and segments[3] and is_int(segments[2]):
        return NUMBER_SEGMENTS_UUID, segments
    if (
        segments[1] == "deep0"
        and count == 62
        and segments[2] == "deep1"
        and segments[3] == "deep2"
        and segments[4] == "deep3"
        and segments[5] == "deep4"
        and segments[6] == "deep5"
        and segments[7] == "deep6"
        and segments[8] == "deep7"
        and segments[9] == "deep8"
        and segments[10] == "deep9"
        and segments[11] == "deep10"
        and segments[12] == "deep11"
        and segments[13] == "deep12"
        and segments[14] == "deep13"
        and segments[15] == "deep14"
        and segments[16] == "deep15"
        and segments[17] == "deep16"
        and segments[18] == "deep17"
        and segments[19] == "deep18"
        and segments[20] == "deep19"
        and segments[21] == "deep20"
        and segments[22] == "deep21"
        and segments[23] == "deep22"
        and segments[24] == "deep23"
        and segments[25] == "deep24"
        and segments[26] == "deep25"
        and segments[27] == "deep26"
        and segments[28] == "deep27"
        and segments[29] == "deep28"
        and segments[30] == "deep29"
        and segments[31] == "deep30"
        and segments[32] == "deep31"
        and segments[33] == "deep32"
        and segments[34] == "deep33"
        and segments[35] == "deep34"
        and segments[36] == "deep35"
        and segments[37] == "deep36"
        and segments[38] == "deep37"
        and segments[39] == "deep38"
        and segments[40] == "deep39"
        and segments[41] == "deep40"
        and segments[42] == "deep41"
        and segments[43] == "deep42"
        and segments[44] == "deep43"
        and segments[45] == "deep44"
        and segments[46] == "deep45"
        and segments[47] == "deep46"
        and segments[48] == "deep47"
        and segments[49] == "deep48"
        and segments[50] == "deep49"
        and segments[51] == "deep50"
        and segments[52] == "deep51"
        and segments[53] == "deep52"
        and segments[54] == "deep53"
        and segments[55] == "deep54"
        and segments[56] == "deep55"
        and segments[57] == "deep56"
        and segments[58] == "deep57"
        and segments[59] == "deep58"
        and segments[60] == "deep59"
        and segments[61]
    ):
        return DEEP0_DEEP1_DEEP2_DEEP3_DEEP57_DEEP58_DEEP59_X, segments
    if (
        count == 10
        and segments[1]
        and segments[2]
        and segments[3]
        and segments[4]
        and segments[5]
        and segments[6]
        and segments[7]
        and segments[8]
        and segments[9]
    ):
        return SEGMENT0_SEGMENT1_SEGMENT7_SEGMENT8, segments
    return NOT_FOUND


HTTP_STATIC: dict[str, Resource] = {
    "/it's": IT_S,
    '/say-"hi"': SAY_HI,
    '/"""': ROOT,
    "/back\\slash\\": BACK_SLASH,
    "/new\nline": NEW_LINE,
    "/%7B%7D": N7_B_7_D,
    "/match": MATCH,
    "/class/def/None": CLASS_DEF_NONE,
}


def match_websocket(path: str) -> Match:
    """The websocket of a path, and the segments of the path."""
    return NOT_FOUND


app = serve(views, match_http, match_websocket)
