"""samples.py CHROMIUM FOLDER...: the engines of pages say of samples, in Chromium, what eyenet says of them. A folder has
page.html, pixels, wanted and classes, as page.sh makes them; its name says what it is of."""
import array
import base64
import pathlib
import sys
import time

from playwright.sync_api import sync_playwright

PREDICT = """async ([sample, classes]) => {
  await window.eyenet.ready
  return window.eyenet.predict(Uint8Array.from(atob(sample), (c) => c.charCodeAt(0)), classes)
}"""


def check(browser, folder):
    classes = int((folder / "classes").read_text())
    wanted = array.array("f", (folder / "wanted").read_bytes())
    pixels = (folder / "pixels").read_bytes()
    count = len(wanted) // classes
    size = len(pixels) // count
    worst, spread, seconds = 0, 0, 0
    context = browser.new_context(offline=True)
    tab = context.new_page()
    tab.goto((folder / "page.html").resolve().as_uri())
    tab.evaluate("() => window.eyenet.ready")
    for i in range(count):
        sample = base64.b64encode(pixels[i * size : (i + 1) * size]).decode()
        begun = time.monotonic()
        found = tab.evaluate(PREDICT, [sample, classes])
        seconds = time.monotonic() - begun
        of = wanted[i * classes : (i + 1) * classes]
        worst = max(worst, *(abs(a - b) for a, b in zip(found, of, strict=True)))
        spread = max(spread, *(abs(a - b) for a, b in zip(of, wanted[:classes], strict=True)))
    context.close()
    print(f"{folder.name}: {count} samples, at most {worst:.1g} from predict, the last in {seconds:.2f} s", flush=True)
    # Samples that all had the same probabilities would show nothing.
    return worst <= 1e-5 and spread > 1e-3


def main():
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=sys.argv[1], args=["--no-sandbox"])
        good = [check(browser, pathlib.Path(folder)) for folder in sys.argv[2:]]
        browser.close()
    return 0 if good and all(good) else 1


sys.exit(main())
