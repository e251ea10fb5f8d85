"use strict";
for (const table of document.querySelectorAll("table.sortable")) {
  const heads = [...table.tHead.rows[0].cells];
  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.textContent = head.textContent;
    head.replaceChildren(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const h of heads) h.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      const body = table.tBodies[0];
      const keyed = [...body.rows].map((row) => {
        const text = row.cells[column].textContent.trim();
        return { row, text, number: text === "" || text === "–" ? NaN : Number(text) };
      });
      keyed.sort((a, b) => {
        const an = Number.isNaN(a.number), bn = Number.isNaN(b.number);
        if (an !== bn) return an ? 1 : -1;
        const order = an ? a.text.localeCompare(b.text) : a.number - b.number;
        return down ? -order : order;
      });
      body.replaceChildren(...keyed.map((k) => k.row));
    });
  });
}
