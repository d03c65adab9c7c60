import { registry } from "@web/core/registry";
import { Interaction } from "@web/public/interaction";

/** Drawing a signature; who cannot draw types the name below it (R119). */
export class NpoSign extends Interaction {
    static selector = ".o_npo_sign";
    dynamicContent = {
        ".o_npo_sign_pad": {
            "t-on-pointerdown": this.onDown,
            "t-on-pointermove": this.onMove,
            "t-on-pointerup": this.onUp,
            "t-on-pointercancel": this.onUp,
        },
        ".o_npo_sign_clear": { "t-on-click": this.clear },
    };

    setup() {
        this.canvas = this.el.querySelector("canvas");
        this.input = this.el.querySelector("input[name=signature]");
        this.pen = this.canvas.getContext("2d");
        Object.assign(this.pen, { lineWidth: 4, lineCap: "round", strokeStyle: "#000" });
        this.isDrawing = false;
    }

    start() {
        this.el.classList.remove("d-none");
    }

    /** The canvas is shown smaller than it is: its own coordinates. */
    point(ev) {
        const box = this.canvas.getBoundingClientRect();
        return [
            ((ev.clientX - box.left) * this.canvas.width) / box.width,
            ((ev.clientY - box.top) * this.canvas.height) / box.height,
        ];
    }

    onDown(ev) {
        ev.preventDefault();
        this.isDrawing = true;
        this.pen.beginPath();
        this.pen.moveTo(...this.point(ev));
    }

    onMove(ev) {
        if (this.isDrawing) {
            this.pen.lineTo(...this.point(ev));
            this.pen.stroke();
        }
    }

    onUp() {
        if (this.isDrawing) {
            this.isDrawing = false;
            this.input.value = this.canvas.toDataURL("image/png");
        }
    }

    clear() {
        this.pen.clearRect(0, 0, this.canvas.width, this.canvas.height);
        this.input.value = "";
    }
}

registry.category("public.interactions").add("npo_relations.sign", NpoSign);
