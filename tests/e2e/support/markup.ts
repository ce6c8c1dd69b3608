// What strangers write where text is asked for: forty shapes of markup, scripts and templates that a page must show as
// the text that they are.

export const PAYLOADS: readonly string[] = [
  "<img src=x onerror=alert(1)>",
  "<script>alert(1)</script>",
  "<svg onload=alert(1)>",
  "<svg/onload=alert`1`>",
  "<b onmouseover=alert(1)>x</b>",
  "<iframe srcdoc=alert(1)>",
  "<body onload=alert(1)>",
  "<video onerror=alert(1)>",
  "<audio src onerror=alert(1)>",
  "<input autofocus onfocus=alert(1)>",
  "<details open ontoggle=alert(1)>",
  "<marquee onstart=alert(1)>",
  "<object data=javascript:1>",
  "<embed src=javascript:1>",
  "<base href=//x.test>",
  "<form action=javascript:1>",
  "<math><mi xlink:href=x>",
  "<template><img></template>",
  "<style>*{display:none}</style>",
  "<link rel=stylesheet href=//x>",
  "<meta http-equiv=refresh>",
  "<a href=javascript:alert(1)>a</a>",
  "</title><svg onload=alert(1)>",
  "</textarea><img onerror=1>",
  '"><img src=x onerror=alert(1)>',
  "' onclick='alert(1)",
  '" autofocus onfocus="alert(1)',
  "--><svg onload=alert(1)>",
  "]]><svg onload=alert(1)>",
  "&lt;script&gt;alert(1)&lt;/script",
  "&#60;img src=x onerror=alert(1)>",
  "javascript:alert(1)",
  "data:text/html,<svg onload=1>",
  "{{constructor.constructor('1')()}}",
  "${alert(1)}",
  "<%= alert(1) %>",
  "#{alert(1)}",
  "__proto__[innerHTML]=<img>",
  "<scr<script>ipt>alert(1)",
  "<plaintext>",
];

/** A payload that fits where a name is asked for. */
export const asName = (payload: string): string => payload.slice(0, 32).trim();

/**
 * Counts, in the page, the elements that only a payload could have made: none of our pages makes them. Shadow roots are
 * looked into.
 */
export function strangeElements(): string[] {
  const strange =
    "iframe, object, embed, base, marquee, math, template, plaintext, textarea[onfocus], audio, " +
    'link[href="//x"], meta[http-equiv=refresh], a[href^="javascript:"], form[action^="javascript:"], [xlink\\:href], ' +
    'body > script:not([src]), [src="x"], img:not([src]), svg[onload], [onload], [onerror], [onfocus], [onclick], [ontoggle], [onstart], [onmouseover]';
  const found: string[] = [];
  const look = (root: Document | ShadowRoot): void => {
    for (const element of root.querySelectorAll(strange)) found.push(element.outerHTML.slice(0, 100));
    for (const element of root.querySelectorAll("*")) if (element.shadowRoot) look(element.shadowRoot);
  };
  look(document);
  return found;
}
