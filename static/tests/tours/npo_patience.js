import { TourAutomatic } from "@web_tour/js/tour_automatic/tour_automatic";

// A step waits for its element longer than Odoo's ten seconds: the suite runs as many
// browsers as there are processors, and the first page of a new database takes its time.
TourAutomatic.prototype.timeout = 40000;
