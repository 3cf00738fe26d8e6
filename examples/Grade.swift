// A photograph graded on a Mac or a phone by what 'eyenet export coreml RUN -o Grade.mlmodel' wrote. On a Mac:
//
//     swiftc Grade.swift -o grade && ./grade Grade.mlmodel sample.png
//
// The model takes a sample as eyenet prepares it: the retina cropped, of the network's width and height. Vision scales an
// image to that size, but does not crop the retina. This is for research; it is not a medical device.
import CoreML
import Foundation
import Vision

func grade(_ photograph: URL, by model: URL) throws -> [(label: String, probability: Float)] {
    let compiled = try MLModel.compileModel(at: model)  // in an app Xcode does this
    let network = try VNCoreMLModel(for: MLModel(contentsOf: compiled))
    let request = VNCoreMLRequest(model: network)
    request.imageCropAndScaleOption = .scaleFill
    try VNImageRequestHandler(url: photograph).perform([request])
    let answers = request.results as? [VNClassificationObservation] ?? []
    return answers.map { ($0.identifier, $0.confidence) }
}

let words = CommandLine.arguments
guard words.count == 3 else {
    print("usage: grade MODEL.mlmodel PHOTOGRAPH")
    exit(2)
}
for answer in try grade(URL(fileURLWithPath: words[2]), by: URL(fileURLWithPath: words[1])) {
    print("\(answer.label): \(answer.probability)")  // calibrated probabilities, the greatest first
}
