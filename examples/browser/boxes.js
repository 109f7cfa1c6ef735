/** Draws a picture, or a frame of a video, and the boxes of an answer onto a canvas. */
export function draw(canvas, picture, { image, detections }) {
  canvas.width = image.width
  canvas.height = image.height
  const context = canvas.getContext('2d')
  context.drawImage(picture, 0, 0, image.width, image.height)
  const size = Math.max(12, Math.round(image.width / 40))
  context.font = `600 ${size}px system-ui, sans-serif`
  context.lineWidth = Math.max(2, size / 6)
  for (const { label, class_id, score, box } of detections) {
    const colour = `hsl(${(class_id * 137) % 360} 85% 60%)`
    context.strokeStyle = colour
    context.strokeRect(box.x_min, box.y_min, box.x_max - box.x_min, box.y_max - box.y_min)
    const text = `${label ?? class_id} ${Math.round(score * 100)} %`
    const top = Math.max(0, box.y_min - size * 1.4)
    context.fillStyle = colour
    context.fillRect(box.x_min, top, context.measureText(text).width + size, size * 1.4)
    context.fillStyle = '#000'
    context.fillText(text, box.x_min + size / 2, top + size * 1.05)
  }
}
