import { browser } from "@web/core/browser/browser";

/**
 * What was typed into a study and not saved yet, kept on the device while the connection
 * is lost: for its own user alone, a day at most, without health and family problems.
 * It goes when it is saved, discarded, when its user logs out, and when anybody else
 * logs in on the device.
 */
export const PREFIX = "npo_study:";
export const LONGEST = 24 * 60 * 60 * 1000;
/** Never on the device: health is read by few, and a phone gets lost (P013). */
export const NEVER_KEPT = new Set(["health_line_ids", "family_problems", "urgency", "owner_iban_entry"]);

export function keyOf(userId, resId) {
    return `${PREFIX}${userId}:${resId || "new"}`;
}

export function withoutHealth(changes) {
    return Object.fromEntries(
        Object.entries(changes).filter(([name]) => !NEVER_KEPT.has(name))
    );
}

export function keep(userId, resId, changes, context = {}, storage = browser.localStorage) {
    const kept = { changes: withoutHealth(changes), context, at: Date.now() };
    try {
        storage.setItem(keyOf(userId, resId), JSON.stringify(kept));
    } catch {
        // the device is full: the form itself still holds it
    }
}

export function forget(userId, resId, storage = browser.localStorage) {
    storage.removeItem(keyOf(userId, resId));
}

export function recall(userId, resId, storage = browser.localStorage) {
    try {
        const kept = JSON.parse(storage.getItem(keyOf(userId, resId)) || "null");
        return kept && Date.now() - kept.at < LONGEST ? kept : null;
    } catch {
        return null;
    }
}

/** Forget what is not this user's, or is too old; all of it without a user. */
export function clean(userId, storage = browser.localStorage) {
    for (const key of Object.keys(storage)) {
        if (!key.startsWith(PREFIX)) {
            continue;
        }
        const [owner, record] = key.slice(PREFIX.length).split(":");
        if (!userId || owner !== String(userId) || !recall(userId, record, storage)) {
            storage.removeItem(key);
        }
    }
}
