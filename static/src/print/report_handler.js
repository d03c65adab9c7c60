import { download } from "@web/core/network/download";
import { registry } from "@web/core/registry";
import { user } from "@web/core/user";
import { getReportUrl } from "@web/webclient/actions/reports/utils";

/**
 * Downloads a document that is printed with WeasyPrint. Odoo's own way asks first for
 * wkhtmltopdf, and shows the document in HTML where that is not installed.
 */
async function printWithWeasyPrint(action, options, env) {
    if (!action.npo_weasyprint || action.report_type !== "qweb-pdf") {
        return false;
    }
    env.services.ui.block();
    try {
        await download({
            url: "/report/download",
            data: {
                data: JSON.stringify([getReportUrl(action, "pdf"), action.report_type]),
                context: JSON.stringify({ ...user.context, ...action.context }),
            },
        });
    } finally {
        env.services.ui.unblock();
    }
    return true;
}

registry.category("ir.actions.report handlers").add("npo_weasyprint", printWithWeasyPrint);
