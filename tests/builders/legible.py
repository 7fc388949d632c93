"""What on a page is too wide, too faint to be read, or has no name."""

from typing import Final

from playwright.sync_api import Locator, Page

from tests.fixtures.browser import Screen

# Reads each colour through a canvas, whatever the notation, and compares text with what is
# painted behind it; WCAG 2.2, 1.4.3 asks 4.5, and 3 for large text.
_CONTRAST: Final = """() => {
  const context = Object.assign(document.createElement("canvas"), {width: 1, height: 1})
    .getContext("2d", {willReadFrequently: true});
  const read = (colour) => {
    context.clearRect(0, 0, 1, 1);
    context.fillStyle = colour;
    context.fillRect(0, 0, 1, 1);
    return context.getImageData(0, 0, 1, 1).data;
  };
  const over = (top, below) => {
    const share = top[3] / 255;
    return [0, 1, 2].map((i) => top[i] * share + below[i] * (1 - share));
  };
  const light = (rgb) => {
    const [r, g, b] = rgb.map((v) => v / 255)
      .map((v) => v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const behind = (element) => element
    ? over(read(getComputedStyle(element).backgroundColor), behind(element.parentElement))
    : [255, 255, 255];
  const faults = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (texts.nextNode()) {
    const element = texts.currentNode.parentElement;
    const style = getComputedStyle(element);
    if (!texts.currentNode.textContent.trim() || !element.checkVisibility()) continue;
    const back = behind(element);
    const ratio = [light(over(read(style.color), back)), light(back)].sort((a, b) => b - a)
      .map((v) => v + 0.05).reduce((high, low) => high / low);
    const size = parseFloat(style.fontSize);
    const large = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) {
      faults.push(`${ratio.toFixed(2)}: ${texts.currentNode.textContent.trim()}`);
    }
  }
  return faults;
}"""

_UNNAMED: Final = """() => [
  ...[...document.querySelectorAll("input:not([type=hidden]), select, textarea")]
    .filter((field) => !field.labels.length && !field.ariaLabel),
  ...[...document.querySelectorAll("a, button, summary")]
    .filter((one) => !one.textContent.trim() && !one.ariaLabel),
  ...[...document.querySelectorAll("img:not([alt])")],
  ...[...document.querySelectorAll("[aria-live]:not([role=alert], [aria-live=polite])")],
].map((element) => element.outerHTML)"""


def unfold(page: Page) -> None:
    """Open whatever on a page can be opened."""
    page.evaluate("document.querySelectorAll('details').forEach((one) => { one.open = true; })")


def faults_on(page: Page, *screens: Screen, inside: Locator | None = None) -> list[str]:
    """Look at an unfolded page in windows of several sizes; a dialog has to fit, too."""
    unfold(page)
    return [fault for screen in screens for fault in _faults(page, screen, inside)]


def _faults(page: Page, screen: Screen, inside: Locator | None) -> list[str]:
    page.set_viewport_size({"width": screen.width, "height": screen.height})
    width = page.evaluate("document.documentElement.scrollWidth")
    found = [f"{width} wide"] if width > screen.width else []
    box = inside.bounding_box() if inside else {"x": 0, "width": 0}
    if box is None or not 0 <= box["x"] <= box["x"] + box["width"] <= screen.width:
        found.append(f"the dialog is at {box}")
    found += [*page.evaluate(_CONTRAST), *page.evaluate(_UNNAMED)]
    return [f"{page.url} in {screen.width}: {one}" for one in found]
