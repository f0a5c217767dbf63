"""The page around the findings: layout, colours for light and dark, filter and keyboard."""

from __future__ import annotations

__all__ = ["PAGE"]

PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy"
 content="default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'">
<meta name="color-scheme" content="light dark">
<title>$title</title>
<style>
:root { --back: #fff; --text: #1b1f24; --soft: #57606a; --line: #d0d7de; --panel: #f6f8fa;
  --breaking: #b3261e; --risky: #8a5a00; --safe: #1a7f37; --focus: #0969da; }
@media (prefers-color-scheme: dark) {
  :root { --back: #0d1117; --text: #e6edf3; --soft: #9198a1; --line: #3d444d; --panel: #151b23;
    --breaking: #ff7b72; --risky: #e3b341; --safe: #56d364; --focus: #58a6ff; }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--back); color: var(--text);
  font: 15px/1.5 system-ui, sans-serif; }
header { position: sticky; top: 0; z-index: 1; padding: .8rem 1.2rem; background: var(--panel);
  border-bottom: 1px solid var(--line); }
h1 { margin: 0; font-size: 1.15rem; }
h2 { font-size: 1.05rem; margin: 1.4rem 0 .5rem; }
h3 { margin: 0; font-size: 1rem; font-weight: 600; overflow-wrap: anywhere; }
header p, .meta { margin: .2rem 0; color: var(--soft); overflow-wrap: anywhere; }
main { display: grid; grid-template-columns: minmax(0, 3fr) minmax(0, 2fr); gap: 0 2rem;
  max-width: 100rem; margin: 0 auto; padding: 0 1.2rem 3rem; }
@media (max-width: 60rem) { main { grid-template-columns: minmax(0, 1fr); } }
input { width: min(32rem, 100%); margin-top: .4rem; padding: .35rem .6rem; font: inherit;
  color: inherit; background: var(--back); border: 1px solid var(--line); border-radius: 6px; }
article { margin: 0 0 .9rem; padding: .7rem .9rem; border: 1px solid var(--line);
  border-left: 4px solid var(--line); border-radius: 6px; scroll-margin-top: 8rem; }
article.breaking { border-left-color: var(--breaking); }
article.risky { border-left-color: var(--risky); }
article.safe { border-left-color: var(--safe); }
article:focus, article:target, input:focus, a:focus, summary:focus {
  outline: 2px solid var(--focus); outline-offset: 1px; }
.badge { padding: 0 .45rem; border: 1px solid currentColor; border-radius: 1rem; font-size: .8rem;
  text-decoration: none; }
.breaking > h3 .rule, .badge.breaking, .count.breaking { color: var(--breaking); }
.risky > h3 .rule, .badge.risky, .count.risky { color: var(--risky); }
.safe > h3 .rule, .badge.safe, .count.safe { color: var(--safe); }
table { width: 100%; border-collapse: collapse; margin: .4rem 0; }
th { text-align: left; font-weight: 500; color: var(--soft); }
th, td { padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top;
  overflow-wrap: anywhere; }
del { color: var(--breaking); text-decoration: none; }
ins { color: var(--safe); text-decoration: none; }
code, pre, .tree { font-family: ui-monospace, monospace; font-size: .9em; }
pre { overflow-x: auto; padding: .5rem; background: var(--panel); }
ul { margin: .3rem 0; padding-left: 1.2rem; }
.tree, .tree ul { list-style: none; padding-left: 1rem; overflow-wrap: anywhere; }
.tree > li, .tree { padding-left: 0; }
.leaf > ul { padding-left: 0; }
.tree i { color: var(--soft); font-style: normal; }
.row.added b { color: var(--safe); }
.row.removed { color: var(--soft); text-decoration: line-through; }
.row .badge { display: inline-block; }
.row em { font-style: normal; color: var(--soft); }
.doubt { color: var(--risky); }
[hidden] { display: none !important; }
kbd { padding: 0 .3rem; border: 1px solid var(--line); border-radius: 4px; font-size: .85em; }
</style>
</head>
<body>
<header>
<h1>$app: <span class="count $worst">$counts</span></h1>
<p>$sides · $coverage</p>
$doubts
<label for="filter" hidden>Filter</label>
<input id="filter" type="search" placeholder="Filter by path, rule, handler" autocomplete="off"
 aria-label="Filter findings and routes">
<p><kbd>/</kbd> filter · <kbd>j</kbd> <kbd>k</kbd> next and previous finding ·
<kbd>Enter</kbd> commands · <kbd>Esc</kbd> clear · <span id="shown" aria-live="polite"></span></p>
</header>
<main>
<section aria-label="Findings">
<h2>Changes</h2>
$findings
$accepted
</section>
<section aria-label="Routes">
<h2>Routes</h2>
$tree
</section>
</main>
<script>
(() => {
  "use strict";
  const box = document.getElementById("filter");
  const shown = document.getElementById("shown");
  const articles = [...document.querySelectorAll("article")];
  const rows = [...document.querySelectorAll(".tree .row")];
  const groups = [...document.querySelectorAll(".tree li")].reverse();
  const opened = new Map();
  for (const row of rows) row.dataset.words = row.textContent.toLowerCase();
  function filter() {
    const words = box.value.toLowerCase().split(/\\s+/).filter(Boolean);
    const fits = (text) => words.every((word) => text.includes(word));
    let count = 0;
    for (const each of articles) {
      each.hidden = !fits(each.dataset.words);
      if (!each.hidden) count += 1;
    }
    for (const row of rows) row.hidden = !fits(row.dataset.words);
    for (const group of groups) {
      group.hidden = words.length > 0 && !group.querySelector(".row:not([hidden])");
      const inner = group.querySelector(":scope > details");
      if (!inner) continue;
      if (!opened.has(inner)) opened.set(inner, inner.open);
      inner.open = words.length > 0 ? !group.hidden : opened.get(inner);
    }
    shown.textContent = words.length ? count + " of " + articles.length + " findings" : "";
  }
  function move(step) {
    const list = articles.filter((each) => !each.hidden);
    if (!list.length) return;
    const at = list.indexOf(document.activeElement.closest("article"));
    const next = at < 0 ? (step > 0 ? 0 : list.length - 1)
      : Math.min(Math.max(at + step, 0), list.length - 1);
    list[next].focus();
    list[next].scrollIntoView({ block: "nearest" });
  }
  box.addEventListener("input", filter);
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Escape") {
      box.value = "";
      filter();
      box.blur();
    } else if (document.activeElement === box) {
      return;
    } else if (event.key === "/") {
      event.preventDefault();
      box.focus();
    } else if (event.key === "j" || event.key === "k") {
      move(event.key === "j" ? 1 : -1);
    } else if (event.key === "Enter" && document.activeElement.matches("article")) {
      const commands = document.activeElement.querySelector("details");
      commands.open = !commands.open;
    }
  });
})();
</script>
</body>
</html>
"""
