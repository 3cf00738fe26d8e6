"""check.py CHROMIUM EYENET PROJECT RUN PAGE SHOTS PHOTOGRAPH...: an offline page in Chromium, cut off from every network.

The page grades each photograph as a PNG of the pixels that Chromium decoded; its probabilities are
those of `predict` within 1e-5, with the same answer, the same refusals and the same warnings. A JPEG, whose decoders
may round otherwise, is turned upright as `predict` does: within 1e-4 for every EXIF orientation. At 400 and 1400 px, light and
dark, nothing is asked of the network, nothing is wider than its place, and no message is on the console. Pictures of
the answer go to SHOTS."""
import base64
import json
import pathlib
import subprocess
import sys
import time

from playwright.sync_api import sync_playwright

TO_PNG = """async (jpeg) => {
  const bytes = Uint8Array.from(atob(jpeg), (c) => c.charCodeAt(0))
  const picture = await createImageBitmap(new Blob([bytes]), { colorSpaceConversion: 'none' })
  const canvas = new OffscreenCanvas(picture.width, picture.height)
  canvas.getContext('2d', { alpha: false }).drawImage(picture, 0, 0)
  const png = new Uint8Array(await (await canvas.convertToBlob({ type: 'image/png' })).arrayBuffer())
  let text = ''
  for (const byte of png) text += String.fromCharCode(byte)
  return btoa(text)
}"""
ANSWER = """() => ({
  answered: !document.getElementById('result').hidden,
  state: document.getElementById('state').textContent,
  answer: document.getElementById('answer').textContent,
  poor: !document.getElementById('poor').hidden,
  probability: [...document.querySelectorAll('#classes tbody tr')].map((row) => Number(row.dataset.probability)),
  best: [...document.querySelectorAll('#classes tbody tr')].findIndex((row) => row.classList.contains('best')),
})"""
FAULTS = """() => {
  const faults = [], wide = document.documentElement.scrollWidth
  if (wide > innerWidth) faults.push(`is ${wide} px wide, wider than the window's ${innerWidth}`)
  for (const e of document.querySelectorAll('body *'))
    if (e.getBoundingClientRect().right > innerWidth + 1) faults.push(`cuts ${e.tagName} ${e.textContent.slice(0, 30)}`)
  for (const e of document.querySelectorAll('canvas')) if (!e.ariaLabel) faults.push('has a picture that is not described')
  return faults
}"""


# Greatest differences of probabilities: of the same pixels, and of JPEGs decoded by two programs.
SAME, DECODED = 1e-5, 1e-4


def turned(jpeg, orientation):
    """The JPEG with an EXIF block that says so."""
    tiff = b"MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" + bytes([orientation]) + b"\0\0\0\0\0\0"
    exif = b"Exif\0\0" + tiff
    return jpeg[:2] + b"\xff\xe1" + (len(exif) + 2).to_bytes(2, "big") + exif + jpeg[2:]


class Tab:
    """The page, opened once; `faults` has what is wrong with it."""

    def __init__(self, browser, page, width=1400, scheme="light"):
        self.context = browser.new_context(viewport={"width": width, "height": 1300}, color_scheme=scheme, offline=True)
        self.tab = self.context.new_page()
        self.faults = []
        self.tab.on("console", lambda m: self.faults.append(f"prints '{m.text}'"))
        self.tab.on("pageerror", lambda e: self.faults.append(f"fails: {e}"))
        self.tab.on("dialog", lambda d: (self.faults.append("opens a dialog"), d.dismiss()))
        self.tab.on("request", lambda r: r.url.startswith("file:") or self.faults.append(f"asks for {r.url}"))
        self.tab.goto(page.resolve().as_uri())
        self.wait(lambda state: state != "Starting.")

    def wait(self, done):
        """Until the page's state is one of those; its policy forbids the browser's own way of waiting."""
        end = time.monotonic() + 120
        while not done(self.tab.inner_text("#state")):
            if time.monotonic() > end:
                raise TimeoutError(self.tab.inner_text("#state"))
            time.sleep(0.02)

    def grade(self, photograph):
        self.tab.set_input_files("#file", str(photograph))
        self.wait(lambda state: state.startswith(photograph.name) and ("graded in" in state or "no answer" in state))
        return self.tab.evaluate(ANSWER)


def predicted(eyenet, project, run, photographs):
    """What `predict` says of each, by path: its classes in their order with their probabilities, and the rest."""
    done = subprocess.run([eyenet, "predict", run, *map(str, photographs), "--json"], cwd=project, capture_output=True,
                          text=True, check=False)
    return {row["image"]: row for row in json.loads(done.stdout)}


def main():
    chromium, eyenet, project, run, page, shots = sys.argv[1:7]
    page, shots = pathlib.Path(page), pathlib.Path(shots)
    photographs = [pathlib.Path(name) for name in sys.argv[7:]]
    faults, worst, answered, refused = [], {SAME: 0, DECODED: 0}, 0, 0
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        tab = Tab(browser, page)
        pngs, jpegs = [], []
        for photograph in photographs:
            pngs.append(shots / (photograph.stem + ".png"))
            pngs[-1].write_bytes(base64.b64decode(tab.tab.evaluate(
                TO_PNG, base64.b64encode(photograph.read_bytes()).decode())))
        for orientation in range(1, 9):
            jpegs.append(shots / f"turned-{orientation}.jpeg")
            jpegs[-1].write_bytes(turned(photographs[0].read_bytes(), orientation))
        wanted = predicted(eyenet, project, run, [file.resolve() for file in pngs + jpegs])
        for file in pngs + jpegs:
            row, found, bound = wanted[str(file.resolve())], tab.grade(file), DECODED if file in jpegs else SAME
            if row["no_prediction"]:
                refused += 1
                if found["answered"] or row["no_prediction"] not in found["state"]:
                    faults.append(f"{file.name}: predict says {row['no_prediction']}, and the page {found['state']}")
                continue
            if not found["answered"]:
                faults.append(f"{file.name}: {found['state']}")
                continue
            answered += 1
            said = {key[2:]: value for key, value in row.items() if key.startswith("p_")}
            far = max(abs(a - b) for a, b in zip(said.values(), found["probability"], strict=True))
            worst[bound] = max(worst[bound], far)
            if far > bound:
                faults.append(f"{file.name}: probabilities differ from predict's by {far:.2g}")
            if row["predicted"] != list(said)[found["best"]]:
                faults.append(f"{file.name}: class {found['best']} is answered, and predict answers {row['predicted']}")
            if bool(row["warning"]) != found["poor"]:
                faults.append(f"{file.name}: its warning is not predict's, {row['warning']}")
        faults += tab.faults
        for width in 400, 1400:
            for scheme in "light", "dark":
                one = Tab(browser, page, width, scheme)
                one.grade(pngs[0])
                one.tab.screenshot(path=str(shots / f"page-{width}-{scheme}.png"), full_page=True)
                faults += [f"at {width} px, {scheme}: {fault}" for fault in one.faults + one.tab.evaluate(FAULTS)]
                one.context.close()
        browser.close()
    print("\n".join(faults) or f"{answered} photographs answered and {refused} refused as predict does, at most {worst[SAME]:.1g} "
          f"from predict, of JPEGs {worst[DECODED]:.1g}")
    return 1 if faults or answered == 0 or refused == 0 else 0


sys.exit(main())
