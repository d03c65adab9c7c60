// The waiting room's screen: asks for the numbers every few seconds. Plain script, no
// library: it runs for days on a small computer behind a screen.
(() => {
    const SECONDS = 4;
    const board = document.getElementById("board");
    const lost = document.getElementById("lost");
    const said = document.getElementById("said");
    const empty = document.getElementById("empty");
    const part = document.getElementById("part").content.firstElementChild;
    const line = document.getElementById("called").content.firstElementChild;
    let before = null;

    function digits(number) {
        const text = String(number);
        if (board.dataset.digits !== "arabic") {
            return text;
        }
        return text.replace(/[0-9]/g, (digit) => "٠١٢٣٤٥٦٧٨٩"[digit]);
    }

    function drawCalled(called) {
        const item = line.cloneNode(true);
        item.classList.toggle("o_npo_now", called.is_now);
        item.classList.toggle("o_npo_fresh", Boolean(called.isFresh));
        item.querySelector("b").textContent = digits(called.number);
        if (called.counter) {
            item.querySelector("i").textContent = digits(called.counter);
        } else {
            item.querySelector("span").remove();
        }
        return item;
    }

    function drawPart(section) {
        const element = part.cloneNode(true);
        element.querySelector("h1").textContent = section.label;
        element.querySelector("ul").append(...section.called.map(drawCalled));
        element.querySelector("p b").textContent = digits(section.waiting);
        return element;
    }

    // Returns what to say of who is called since the last time, or called again, and
    // marks them.
    function fresh(sections) {
        const now = new Set();
        const texts = [];
        for (const { section, label, called: all } of sections) {
            for (const called of all.filter((one) => one.is_now)) {
                const call = [section, called.number, called.at].join();
                now.add(call);
                called.isFresh = before !== null && !before.has(call);
                if (called.isFresh) {
                    texts.push(`${label} ${digits(called.number)}`);
                }
            }
        }
        before = now;
        return texts.join(" · ");
    }

    // What is said twice is said anew: a reader speaks of what has changed.
    function say(text) {
        said.textContent = "";
        setTimeout(() => (said.textContent = text), 100);
    }

    function show(sections) {
        const text = fresh(sections);
        board.replaceChildren(...sections.map(drawPart));
        empty.hidden = sections.length > 0;
        if (text) {
            say(text);
        }
    }

    async function refresh() {
        try {
            const answer = await fetch(board.dataset.url, { cache: "no-store" });
            const { board: sections } = await answer.json();
            if (!sections) {
                location.reload(); // the address was renewed
                return;
            }
            lost.hidden = true;
            show(sections);
        } catch {
            lost.hidden = false;
        }
    }

    refresh();
    setInterval(refresh, SECONDS * 1000);
})();
