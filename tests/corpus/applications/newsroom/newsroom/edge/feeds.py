from newsroom.foundation import Settings


def rss(site):
    @site.get("/rss.xml")
    def newest():
        return ""

    for edition in Settings.EDITIONS:
        site.add_get(f"/{edition}.xml", newest, name=f"rss-{edition}")
