// Elements and icons.

/** An element with attributes, listeners (`onClick`) and children; what is null or false is left out. */
export function el(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === null || value === undefined || value === false) continue;
    if (name.startsWith("on")) element.addEventListener(name.slice(2).toLowerCase(), value);
    else if (name === "class") element.className = value;
    else element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return element;
}

const SHAPES = {
  back: "M15 5l-7 7 7 7",
  send: "M4 12l16-8-6 16-3-7z",
  attach: "M12 5v14M5 12h14",
  menu: "M12 5.5v.01M12 12v.01M12 18.5v.01",
  close: "M6 6l12 12M18 6L6 18",
  reply: "M9 7L4 12l5 5M4 12h10a6 6 0 0 1 6 6",
  list: "M9 6h11M9 12h11M9 18h11M4.5 6v.01M4.5 12v.01M4.5 18v.01",
  link: "M14 5h5v5M19 5l-8 8M17 14v5H5V7h5",
  form: "M7 3h10v18H7zM10 8h4M10 12h4M10 16h2",
  file: "M7 3h7l4 4v14H7zM14 3v5h4",
  place: "M12 21s7-6.2 7-11.5A7 7 0 0 0 5 9.5C5 14.8 12 21 12 21zM12 12a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5z",
  image: "M4 5h16v14H4zM4 16l5-5 4 4 3-3 4 4M9 9v.01",
  voice: "M12 4a3 3 0 0 1 3 3v4a3 3 0 0 1-6 0V7a3 3 0 0 1 3-3zM6 11a6 6 0 0 0 12 0M12 17v3",
  person: "M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8zM4.5 20a7.5 7.5 0 0 1 15 0",
  bag: "M5 8h14l-1 12H6zM9 8a3 3 0 0 1 6 0",
  theme: "M12 3a9 9 0 1 0 9 9 7 7 0 0 1-9-9z",
  tick: "M4 12.5l5 5L20 6.5",
  ticks: "M2 12.5l4.5 5L15 7M10.5 15l2.5 2.5L22 7",
  clock: "M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18zM12 7v5l3 2",
  panel: "M4 7h9M17 7h3M4 12h3M11 12h9M4 17h11M19 17h1M15 5v4M9 10v4M17 15v4",
  warn: "M12 4l9 16H3zM12 10v4M12 17v.01",
};

/** A line drawing; decoration only, so screen readers skip it. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("class", `icon icon-${name}`);
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  path.setAttribute("d", SHAPES[name]);
  svg.append(path);
  return svg;
}

/** A round button that shows an icon and says a word. */
export function iconButton(name, label, onClick, more = {}) {
  return el("button", { type: "button", class: "round", "aria-label": label, title: label, onClick, ...more }, icon(name));
}

let hiding;

/** A short word at the bottom of the page. */
export function toast(text) {
  const place = document.getElementById("toast");
  place.textContent = text;
  place.hidden = false;
  clearTimeout(hiding);
  hiding = setTimeout(() => (place.hidden = true), 4000);
}

/** WhatsApp's marks for bold, italic, strike and code, and links, as elements. */
export function formatted(text) {
  const marks = /(```[\s\S]+?```|\*[^*\n]+\*|_[^_\n]+_|~[^~\n]+~|https?:\/\/[^\s<>"']+[^\s<>"'.,;:!?)])/g;
  return text.split(marks).map((part, at) => {
    if (at % 2 === 0) return part;
    if (part.startsWith("```")) return el("code", {}, part.slice(3, -3));
    if (part.startsWith("http")) return el("a", { href: part, target: "_blank", rel: "noreferrer noopener" }, part);
    const tag = { "*": "b", _: "i", "~": "s" }[part[0]];
    return el(tag, {}, part.slice(1, -1));
  });
}
