// Reading aids: large text (长辈版), kept across pages, and reading aloud. Pages work without them.
(function () {
  "use strict";
  var root = document.documentElement;
  var key = "sitegen-large";
  function stored() {
    try { return localStorage.getItem(key) === "1"; } catch (error) { return false; }
  }
  function store(on) {
    try { localStorage.setItem(key, on ? "1" : "0"); } catch (error) { /* kept for this page only */ }
  }
  // Before anything is drawn, so that nothing jumps.
  if (stored()) { root.classList.add("large"); }

  function sizes() {
    var item = document.getElementById("s-size");
    if (!item) { return; }
    var button = item.querySelector("button");
    function show() {
      var on = root.classList.contains("large");
      button.textContent = on ? button.dataset.normal : button.dataset.large;
    }
    button.addEventListener("click", function () {
      store(root.classList.toggle("large"));
      show();
    });
    show();
    item.hidden = false;
  }

  function reading() {
    var button = document.getElementById("s-read");
    var text = document.getElementById("s-text");
    if (!button || !text || !("speechSynthesis" in window)) { return; }
    var speaking = false;
    function done() {
      speaking = false;
      button.textContent = button.dataset.read;
    }
    button.addEventListener("click", function () {
      speechSynthesis.cancel();
      if (speaking) { done(); return; }
      // Paragraph by paragraph: long utterances are cut off by some browsers.
      var parts = text.innerText.split(/\n+/).filter(function (part) { return part.trim(); });
      if (!parts.length) { return; }
      parts.forEach(function (part, place) {
        var spoken = new SpeechSynthesisUtterance(part);
        spoken.lang = root.lang;
        if (place === parts.length - 1) { spoken.onend = done; }
        speechSynthesis.speak(spoken);
      });
      speaking = true;
      button.textContent = button.dataset.stop;
    });
    window.addEventListener("pagehide", function () { speechSynthesis.cancel(); });
    button.hidden = false;
  }

  document.addEventListener("DOMContentLoaded", function () { sizes(); reading(); });
}());
