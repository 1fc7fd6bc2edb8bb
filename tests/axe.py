"""What axe-core finds on a page. Half of its time goes to contrast, so an element is judged once in each of its looks."""

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

_script = Axe().axe_script
_judged: set[str] = set()

# An element's look: its text, and everything that is painted behind it: by what it stands in, and by what lies there (with its place).
LOOKS = """() => {
    const short = (...said) => {
        let one = 7, two = 11;
        for (const letter of said.join("|")) {
            one = Math.imul(one ^ letter.codePointAt(0), 0x01000193);
            two = Math.imul(two + letter.codePointAt(0), 0x2545f491);
        }
        return (one >>> 0).toString(36) + "." + (two >>> 0).toString(36);
    };
    const bare = "rgba(0, 0, 0, 0) none 1 none normal";
    const paint = (style) => [style.backgroundColor, style.backgroundImage, style.opacity, style.filter, style.mixBlendMode].join(" ");
    const inFlow = (style) => ["static", "relative"].includes(style.position);
    const lying = (node) => ["::before", "::after"].map((name) => getComputedStyle(node, name))
        .filter((style) => style.content !== "none" && !inFlow(style)).map((style) => [paint(style), style.width, style.height]);
    window.looks = new Map();
    const walk = (node, style, around) => {
        const children = [...node.children].map((child) => [child, getComputedStyle(child)]).filter(([, of]) => of.display !== "none");
        const over = children.filter(([, of]) => !inFlow(of))
            .map(([child, of]) => [paint(of), JSON.stringify(child.getBoundingClientRect())]);
        const painted = [...(paint(style) === bare ? [] : [paint(style)]), ...over, ...lying(node)];
        const behind = painted.length ? short(around, ...painted) : around;
        const look = short(behind, style.color, style.fontSize, style.fontWeight, style.textShadow, style.visibility, node.tagName);
        if (!window.looks.has(look)) window.looks.set(look, node);
        for (const [child, of] of children) walk(child, of, behind);
    };
    walk(document.documentElement, getComputedStyle(document.documentElement), String(innerWidth));
    return [...window.looks.keys()];
}"""
RUN = """(unjudged) => {
    for (const look of unjudged) window.looks.get(look).setAttribute("data-unjudged", "");
    axe.configure({rules: [{id: "color-contrast", selector: "[data-unjudged]"}]});
    return axe.run(document, {resultTypes: ["violations"]}).then(({violations}) => {
        for (const look of unjudged) window.looks.get(look).removeAttribute("data-unjudged");
        return violations.map(({id, nodes}) => [id, nodes[0].html]);
    });
}"""


def wrong_with(page: Page) -> list[tuple[str, str]]:
    """Each rule that is broken, and the first element that breaks it. Contrast: of elements in a look that no page has passed with yet."""
    if not page.evaluate("'axe' in window"):
        page.evaluate(_script)
    unjudged = [look for look in page.evaluate(LOOKS) if look not in _judged]
    found = [(rule, html) for rule, html in page.evaluate(RUN, unjudged)]
    if all(rule != "color-contrast" for rule, _ in found):
        _judged.update(unjudged)
    return found
