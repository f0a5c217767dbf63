from newsroom.desks import archive, comments, culture, foreign, pictures, sport, wires, weather

ALL = {
    "sport": sport,
    "culture": culture,
    "foreign": foreign,
    "pictures": pictures,
    "comments": comments,
    "archive": archive,
    "wires": wires,
    "weather": weather,
}
