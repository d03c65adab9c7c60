/** The longest side of a photo that is sent: a telephone takes far larger ones. */
const SIDE = 1600;

function base64(blob) {
    return new Promise((resolve, reject) => {
        const reader = new FileReader();
        reader.onload = () => resolve(reader.result.split(",")[1]);
        reader.onerror = () => reject(reader.error);
        reader.readAsDataURL(blob);
    });
}

/**
 * Return a photo in base64, scaled down before it is sent. What cannot be drawn here goes
 * as it is: the server looks at it anyway and says what is wrong.
 */
export async function readPhoto(file) {
    try {
        const picture = await createImageBitmap(file);
        const scale = Math.min(1, SIDE / Math.max(picture.width, picture.height));
        const canvas = document.createElement("canvas");
        canvas.width = Math.round(picture.width * scale);
        canvas.height = Math.round(picture.height * scale);
        canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
        const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.8));
        return await base64(blob || file);
    } catch {
        return base64(file);
    }
}
