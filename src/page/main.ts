import { Album } from './album.js'
import { type Answer, summary } from './answer.js'
import { Camera, cameraObstacle, explainCamera } from './camera.js'
import { byId, say } from './dom.js'
import { copy, save, toCurl, toJson, toParameters, toRequest } from './exports.js'
import { type Empty, Findings } from './findings.js'
import { PageGateway, toProblem } from './gateway.js'
import { takePhotos } from './intake.js'
import { Overlay } from './overlay.js'
import type { Photo } from './photo.js'
import { Settings } from './settings.js'
import { Stage } from './stage.js'
import { Strip } from './strip.js'

/** What is on the stage with its answer: a photo, or the last frame of the camera. */
interface Shown {
  readonly file: Blob
  readonly name: string
  readonly answer: Answer
}

const gateway = new PageGateway()
let task = gateway.task
const point = (detection: Parameters<Overlay['highlight']>[0]) => {
  overlay.highlight(detection)
  findings.highlight(detection)
}
const overlay = new Overlay(point)
const findings = new Findings({ onFilter: () => render(), onPoint: point })
const album = new Album(gateway, (photo) => {
  if (photo !== undefined && photo === album.current) announce(photo)
  if (photo?.problem?.code === 'task_mismatch') void loadModels()
  render()
})
const stage = new Stage(() => album.markUnreadable())
const strip = new Strip((photo) => {
  stopCamera()
  album.choose(photo)
})
const settings = new Settings(gateway, () => lookAgain())
const camera = new Camera({
  open: (signal) => gateway.openStream(signal),
  look: (frame, signal) => gateway.look(frame, { retries: 0, signal }),
  choice: () => gateway.choice,
  onAnswer: (file, answer, fps, dropped) => {
    frame = { file, name: 'camera.jpg', answer }
    stage.showProblem(undefined)
    stage.showWorking(undefined)
    stage.showFps(fps, dropped)
    render()
  },
  onProblem: (error) => {
    const problem = toProblem(error)
    stage.showWorking(undefined)
    stage.showProblem(problem)
    if (problem.status === 401) settings.askForKey()
    if (problem.code === 'task_mismatch') void loadModels()
  },
})
let frame: Shown | undefined
let cameraIndex = 0

function shown(): Shown | undefined {
  if (camera.running) return frame
  const photo = album.current
  return photo?.answer && { file: photo.file, name: photo.name, answer: photo.answer }
}

/** Brings everything that is seen in line with what is known. */
function render(): void {
  const photo = album.current
  if (!camera.running) {
    if (photo === undefined) stage.showEmpty()
    else renderPhoto(photo)
  }
  const now = shown()
  const detections = findings.show(now?.answer, emptyWords(photo))
  if (now === undefined) overlay.clear()
  else overlay.draw(now.answer.image, detections)
  strip.show(album.photos, camera.running ? undefined : photo, findings.filter)
  for (const id of ['download', 'copy-json', 'copy-curl']) byId(id, 'button').disabled = !now
  byId('download', 'button').hidden = task !== 'object-detection'
  byId('clear', 'button').hidden = camera.running || photo === undefined
}

/** Has everything looked at again, as after the choice of another model. */
function lookAgain(): void {
  if (gateway.task === task) {
    album.again()
    return
  }
  task = gateway.task
  findings.setTask(task)
  frame = undefined
  camera.again()
  album.afresh()
}

/** Reads the list of models, by which the page knows what the chosen one does. */
async function loadModels(): Promise<void> {
  await settings.load()
  if (gateway.task !== task) lookAgain()
}

function renderPhoto(photo: Photo): void {
  stage.showPhoto(photo)
  const underWay = photo.state === 'waiting' || photo.state === 'working'
  stage.showWorking(underWay ? 'Looking…' : undefined)
  stage.showProblem(photo.state === 'failed' ? photo.problem : undefined, photo.name)
}

function emptyWords(photo: Photo | undefined): Empty {
  const hint = 'What is found is listed here.'
  if (camera.running) return { title: 'Waiting for the camera', hint }
  if (photo === undefined) return { title: 'Nothing yet', hint }
  if (photo.state !== 'failed') return { title: 'Looking…', hint }
  return { title: 'No answer', hint: 'Why is said where the picture would be.' }
}

/** Tells a screen reader how the photo on the stage went; what failed is told by its own alert. */
function announce({ name, state, answer }: Photo): void {
  if (state === 'working') say(`Looking at ${name}`, { seen: false })
  if (state !== 'done' || answer === undefined) return
  say(`${name}: ${summary(answer, findings.filter)}`, { seen: false })
}

async function startCamera(index?: number): Promise<void> {
  frame = undefined
  const starting = camera.start(index)
  stage.showCamera()
  stage.showProblem(undefined)
  stage.showWorking('Opening the camera…')
  showCameraButtons()
  render()
  try {
    await starting
    if (!camera.running) return
    stage.showCamera()
    byId('switch-camera', 'button').hidden = (await camera.cameras()).length < 2
    byId('stop-camera', 'button').focus()
    say('The camera is on', { seen: false })
  } catch (error) {
    stopCamera()
    const reason = byId('camera-reason', 'p')
    reason.hidden = false
    reason.textContent = explainCamera(error)
    say(explainCamera(error))
  }
}

function stopCamera(): void {
  if (camera.running) camera.stop()
  stage.showFps(undefined)
  stage.showWorking(undefined)
  stage.showProblem(undefined)
  showCameraButtons()
  render()
}

function showCameraButtons(): void {
  const possible = cameraObstacle() === undefined
  for (const button of document.querySelectorAll<HTMLButtonElement>('[data-camera]')) {
    button.hidden = !possible || camera.running
  }
  byId('stop-camera', 'button').hidden = !camera.running
  byId('switch-camera', 'button').hidden = true
  byId('retry', 'button').hidden = camera.running
}

/** Runs what a button does and says how it went. */
function onClick(id: string, action: (now: Shown) => Promise<string>): void {
  byId(id, 'button').addEventListener('click', async () => {
    const now = shown()
    if (now === undefined) return
    try {
      say(await action(now))
    } catch (error) {
      say(toProblem(error).message)
    }
  })
}

onClick('copy-json', async ({ answer }) => {
  await copy(toJson(answer, findings.filter))
  return 'JSON copied'
})
onClick('copy-curl', async ({ answer, name }) => {
  const { path, parameters } = toRequest(findings.filter, answer)
  const all = { ...gateway.choice, ...parameters }
  await copy(toCurl(`${gateway.url}${path}`, name, all, gateway.key !== ''))
  return 'Command copied'
})
onClick('download', async ({ file, answer, name }) => {
  if (!('detections' in answer)) throw new Error('There are boxes to draw by models that detect')
  const picture = await gateway.picture(file, toParameters(findings.filter, answer))
  save(picture, `${name.replace(/\.[^.]*$/, '')}-objects.jpg`)
  return 'Picture saved'
})

takePhotos((files) => {
  stopCamera()
  album.add(files)
  byId('stage', 'div').focus({ preventScroll: true })
})
for (const button of document.querySelectorAll('[data-camera]')) {
  button.addEventListener('click', () => void startCamera())
}
byId('stop-camera', 'button').addEventListener('click', () => {
  stopCamera()
  document.querySelector<HTMLButtonElement>('[data-camera]:not([hidden])')?.focus()
})
byId('switch-camera', 'button').addEventListener('click', async () => {
  const count = (await camera.cameras()).length
  cameraIndex = (cameraIndex + 1) % Math.max(count, 1)
  await startCamera(cameraIndex)
})
byId('clear', 'button').addEventListener('click', () => {
  album.clear()
  document.querySelector<HTMLButtonElement>('[data-choose]')?.focus()
})
byId('retry', 'button').addEventListener('click', () => album.again(album.current))

const obstacle = cameraObstacle()
byId('camera-reason', 'p').hidden = obstacle === undefined
byId('camera-reason', 'p').textContent = obstacle ?? ''
showCameraButtons()
render()
void loadModels()
