import Synchronization
import Tensors

/// What a GPU knows of one work that is repeated: a form for each set of shapes that it came in.
final class WorkGraphs: Sendable {
  /// Whose convolutions are in the graphs.
  let convolver: Convolver
  /// The form that was used last comes last; those in use are not among them.
  private let forms = Mutex<[WorkForm]>([])

  /// So many forms are kept: each has memory for itself.
  private static let most = 2

  init(_ convolver: Convolver) { self.convolver = convolver }

  /// The form of a work, or a new one, for this thread alone until it is put back.
  func take(_ shapes: WorkForm.Shapes) -> WorkForm {
    let known = forms.withLock { forms in
      forms.firstIndex { $0.shapes == shapes }.map { forms.remove(at: $0) }
    }
    return known ?? WorkForm(shapes)
  }

  /// Puts a form back; the oldest goes if there are too many.
  func put(_ form: WorkForm) {
    let dropped = forms.withLock { forms in
      forms.append(form)
      return forms.count > Self.most ? forms.removeFirst() : nil
    }
    _ = dropped
  }

  /// Forgets all forms and gives their memory back.
  func drop() {
    let dropped = forms.withLock { forms in
      defer { forms = [] }
      return forms
    }
    _ = dropped
  }
}
