'use strict'
// Joins the engine, the model and the photograph that is chosen. The page loads nothing: engine and model are in it.
{
  const CLASSES = 64 // en_offline_result: their probabilities, then quality, answer, refused and reason
  const RESULT = 4 * CLASSES + 12 + 128
  const POOR = 0.3
  const SIDE_MAX = 65500
  const $ = id => document.getElementById(id)

  // The bytes of all blocks of a name, in their order; the blocks are removed, as they are needed once.
  const read = name => {
    const blocks = [...document.querySelectorAll(`script[data-block="${name}"]`)]
    const parts = blocks.map(block => {
      const text = atob(block.textContent)
      const bytes = new Uint8Array(text.length)
      for (let i = 0; i < text.length; i++) bytes[i] = text.charCodeAt(i)
      block.remove()
      return bytes
    })
    const all = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0))
    parts.reduce((at, part) => (all.set(part, at), at + part.length), 0)
    return all
  }

  let wasm, model, side
  const memory = (at, count) => new Uint8Array(wasm.memory.buffer, at, count) // anew each time: it moves when it grows
  const reserve = bytes => {
    const at = wasm.en_alloc(bytes)
    if (at === 0) throw new Error(`not enough memory for ${Math.ceil(bytes / 1048576)} MiB`)
    return at >>> 0
  }
  const borrow = (bytes, use) => {
    const at = reserve(bytes)
    try { return use(at) } finally { wasm.en_free(at) }
  }

  const start = async () => {
    const code = await WebAssembly.compile(read('engine'))
    const imports = {}
    for (const { module, name } of WebAssembly.Module.imports(code)) {
      (imports[module] ??= {})[name] = () => 8 // the engine has no files: EBADF
    }
    wasm = (await WebAssembly.instantiate(code, imports)).exports
    wasm._initialize()
    const bytes = read('model')
    model = reserve(bytes.length)
    memory(model, bytes.length).set(bytes)
    side = new DataView(bytes.buffer).getInt32(28, true) // en_offline_model.size
  }

  // What the engine says of pixels, four bytes each.
  const grade = (rgba, width, height) =>
    borrow(rgba.length, at => borrow(RESULT, result => borrow(3 * side * side, sample => {
      memory(at, rgba.length).set(rgba)
      wasm.en_offline_grade(model, at, width, height, sample, result)
      const view = new DataView(wasm.memory.buffer, result, RESULT)
      const reason = new Uint8Array(wasm.memory.buffer, result + 4 * CLASSES + 12, 128)
      return {
        probability: Array.from({ length: CLASSES }, (_, i) => view.getFloat32(4 * i, true)),
        quality: view.getFloat32(4 * CLASSES, true),
        answer: view.getUint32(4 * CLASSES + 4, true),
        refused: view.getUint32(4 * CLASSES + 8, true),
        reason: new TextDecoder().decode(reason.slice(0, reason.indexOf(0))),
        sample: memory(sample, 3 * side * side).slice(),
      }
    })))

  // The network alone, on a sample: for tests.
  const predict = (sample, classes) =>
    borrow(sample.length, at => borrow(4 * CLASSES, probability => {
      memory(at, sample.length).set(sample)
      if (wasm.en_offline_predict(model, at, probability, 0) !== 0) throw new Error('not enough memory')
      return [...new Float32Array(wasm.memory.buffer.slice(probability, probability + 4 * classes))]
    }))

  // Upright pixels on black, with the colours as the file has them: what eyenet decodes.
  const decode = async file => {
    const picture = await createImageBitmap(file, { colorSpaceConversion: 'none' })
    const { width, height } = picture
    if (Math.max(width, height) > SIDE_MAX) throw new Error(`${width}x${height} is too large`)
    const canvas = document.createElement('canvas')
    canvas.width = width
    canvas.height = height
    const context = canvas.getContext('2d', { alpha: false, willReadFrequently: true })
    context.drawImage(picture, 0, 0)
    picture.close()
    return { rgba: context.getImageData(0, 0, width, height).data, width, height }
  }

  const showSample = sample => {
    const canvas = $('sample')
    canvas.width = canvas.height = side
    const pixels = new ImageData(side, side)
    for (let i = 0; i < side * side; i++) {
      pixels.data.set(sample.subarray(3 * i, 3 * i + 3), 4 * i)
      pixels.data[4 * i + 3] = 255
    }
    canvas.getContext('2d').putImageData(pixels, 0, 0)
  }

  const show = found => {
    const rows = [...$('classes').tBodies[0].rows]
    rows.forEach((row, i) => {
      row.classList.toggle('best', i === found.answer)
      row.dataset.probability = found.probability[i]
      row.querySelector('meter').value = found.probability[i]
      row.cells[2].textContent = found.probability[i].toFixed(4)
    })
    const positive = found.probability[rows.length - 1]
    for (const cell of document.querySelectorAll('td[data-threshold]')) {
      cell.textContent = positive >= Number(cell.dataset.threshold) ? 'reached' : 'not reached'
    }
    $('answer').textContent = rows[found.answer].cells[0].textContent
    $('poor').hidden = !(found.quality < POOR)
    $('poor').textContent = `Poor photograph: quality ${found.quality.toFixed(2)} of 1. A person should look at it.`
    showSample(found.sample)
    $('result').hidden = false
  }

  let asked = 0 // a photograph that is chosen later is the one that is answered
  const take = async file => {
    const mine = ++asked
    $('result').hidden = true
    $('state').textContent = `Reading ${file.name}`
    try {
      const { rgba, width, height } = await decode(file).catch(error => {
        throw new Error(`this browser cannot read it as a picture (${error.message})`)
      })
      if (mine !== asked) return
      $('state').textContent = `Grading ${file.name}, ${width}x${height} px`
      await new Promise(painted => setTimeout(painted, 30))
      if (mine !== asked) return
      const begun = performance.now()
      const found = grade(rgba, width, height)
      if (found.refused) throw new Error(found.reason)
      show(found)
      const seconds = ((performance.now() - begun) / 1000).toFixed(1)
      $('state').textContent = `${file.name}, ${width}x${height} px, graded in ${seconds} s on this device`
    } catch (error) {
      if (mine === asked) $('state').textContent = `${file.name}: no answer: ${error.message}`
    }
  }

  const listen = () => {
    const input = $('file'), drop = $('drop')
    input.disabled = false
    input.addEventListener('change', () => input.files.length > 0 && take(input.files[0]))
    addEventListener('dragover', event => (event.preventDefault(), drop.classList.add('over')))
    addEventListener('dragleave', () => drop.classList.remove('over'))
    addEventListener('drop', event => {
      event.preventDefault()
      drop.classList.remove('over')
      if (event.dataTransfer.files.length > 0) take(event.dataTransfer.files[0])
    })
    $('state').textContent = 'Ready.'
  }

  window.eyenet = { ready: start(), grade, predict }
  window.eyenet.ready.then(listen, error => {
    $('state').textContent = `This browser cannot run the engine: ${error.message}`
  })
}
