"""check.py CHROMIUM PAGE...: opens each page at 400 and 1400 px, light and dark, and prints what is wrong with it."""
import pathlib
import sys

from playwright.sync_api import sync_playwright

# What a reader cannot see or hear. An element that scrolls by itself (a wide table) is not cut off.
FAULTS = """() => {
  const faults = [], wide = document.documentElement.scrollWidth
  if (wide > innerWidth) faults.push(`is ${wide} px wide, wider than the window's ${innerWidth}`)
  for (const e of document.querySelectorAll('body *')) {
    const hides = ['hidden', 'clip'].includes(getComputedStyle(e).overflowX)
    if (hides && e.scrollWidth > e.clientWidth + 1) faults.push(`cuts ${e.tagName} ${e.textContent.slice(0, 30)}`)
  }
  for (const e of document.querySelectorAll('svg')) {
    const box = e.getBoundingClientRect()
    for (const text of e.querySelectorAll('text')) {
      const of = text.getBoundingClientRect()
      if (of.left < box.left - 1 || of.right > box.right + 1) faults.push(`cuts the text '${text.textContent}' of a chart`)
    }
    if (!e.getAttribute('aria-label') && !e.querySelector('title')) faults.push('has a chart that is not described')
  }
  for (const e of document.querySelectorAll('img')) if (!e.alt) faults.push('has a picture that is not described')
  let last = 0
  for (const e of document.querySelectorAll('h1,h2,h3,h4')) {
    const level = Number(e.tagName[1])
    if (level > last + 1) faults.push(`goes from a heading of level ${last} to ${level}: ${e.textContent}`)
    last = level
  }
  for (const e of document.querySelectorAll('a[href^="#"]'))
    if (!document.getElementById(e.getAttribute('href').slice(1))) faults.push(`links to nothing: ${e.getAttribute('href')}`)
  return faults
}"""


def check(browser, page, width, scheme):
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    faults = []
    tab.on("console", lambda m: faults.append(f"prints '{m.text}'"))
    tab.on("pageerror", lambda e: faults.append(f"fails: {e}"))
    tab.on("dialog", lambda d: (faults.append("opens a dialog"), d.dismiss()))
    tab.on("request", lambda r: r.url.startswith(("file:", "data:")) or faults.append(f"asks for {r.url}"))
    tab.goto(page.resolve().as_uri())
    for _ in range(tab.locator("details:not([open]) > summary").count()):
        tab.locator("details:not([open]) > summary").first.click()
    faults += tab.evaluate(FAULTS)
    size = page.stat().st_size
    if size > 5_000_000:
        faults.append(f"has {size} bytes")
    context.close()
    return [f"{page.name} at {width} px, {scheme}: {fault}" for fault in faults]


def main():
    found = []
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        for name in sys.argv[2:]:
            for width in 400, 1400:
                for scheme in "light", "dark":
                    found += check(browser, pathlib.Path(name), width, scheme)
        browser.close()
    print("\n".join(found))
    return 1 if found else 0


sys.exit(main())
