import MDMJSON
import MDMNotebooks
import Testing

/// Files of Jupyter's notebook format.
@Suite struct IPYNBTests {
  /// As Jupyter writes it.
  static let file = """
    {
     "cells": [
      {
       "cell_type": "markdown",
       "id": "intro",
       "metadata": {},
       "source": [
        "# Title\\n",
        "text"
       ]
      },
      {
       "cell_type": "code",
       "execution_count": 1,
       "id": "run",
       "metadata": {
        "tags": [
         "slow"
        ]
       },
       "outputs": [
        {
         "name": "stdout",
         "output_type": "stream",
         "text": [
          "é\\n"
         ]
        },
        {
         "data": {
          "application/vnd.mdm.plot+json": {
           "version": 1
          },
          "image/png": "aGk=\\n",
          "text/plain": [
           "a\\n",
           "b"
          ]
         },
         "execution_count": 1,
         "metadata": {},
         "output_type": "execute_result"
        },
        {
         "ename": "E0404",
         "evalue": "out of range",
         "output_type": "error",
         "traceback": [
          "line"
         ]
        }
       ],
       "source": []
      }
     ],
     "metadata": {
      "custom": {
       "kept": 1.5
      },
      "language_info": {
       "name": "mdm"
      }
     },
     "nbformat": 4,
     "nbformat_minor": 5
    }

    """

  @Test func aFileComesBackByteByByte() throws {
    let notebook = try Notebook(ipynb: Array(Self.file.utf8))
    #expect(String(decoding: notebook.ipynb, as: UTF8.self) == Self.file)
    #expect(notebook.cells[0].source == "# Title\ntext" && notebook.language == "mdm")
    #expect(notebook.cells[1].outputs.count == 3 && notebook.cells[1].tags == ["slow"])
  }

  /// Jupyter sorts names and keeps the points of numbers.
  @Test func orderIsThatOfTheFileAndNumbersKeepTheirPoint() throws {
    let text =
      #"{"nbformat": 4, "nbformat_minor": 5, "cells": [], "metadata": {"b": 1.0, "a": [1, -0.5]}}"#
    let notebook = try Notebook(ipynb: Array(text.utf8))
    let written = String(decoding: notebook.ipynb, as: UTF8.self)
    #expect(written.contains("\"a\": [\n   1,\n   -0.5\n  ],\n  \"b\": 1.0\n"))
    #expect(try Notebook(ipynb: notebook.ipynb) == notebook)
  }

  @Test func aByteOrderMarkCountsForNothing() throws {
    let notebook = try Notebook(ipynb: [0xEF, 0xBB, 0xBF] + Array(Self.file.utf8))
    #expect(String(decoding: notebook.ipynb, as: UTF8.self) == Self.file)
  }

  @Test func olderFormsGetIds() throws {
    let text =
      #"{"nbformat": 4, "nbformat_minor": 2, "metadata": {}, "cells": ["#
      + #"{"cell_type": "code", "source": "x", "metadata": {}, "outputs": [], "execution_count": null},"#
      + #"{"cell_type": "raw", "id": "bad id!", "source": ["y"], "metadata": {}}]}"#
    let notebook = try Notebook(ipynb: Array(text.utf8))
    #expect(notebook.cells.allSatisfy { $0.id.hasPrefix("mdm-") })
    #expect(notebook.cells[0].id != notebook.cells[1].id)
  }

  @Test(
    arguments: [
      ("", "it is no notebook: line 1, column 1: "),
      ("[]", "it is no notebook: the text is an array"),
      ("{}", "it is no notebook: `nbformat` is missing"),
      (#"{"nbformat": 3, "worksheets": []}"#, "its format is nbformat 3, and mdm reads 4"),
      (#"{"nbformat": 5, "cells": []}"#, "its format is nbformat 5, and mdm reads 4"),
      (#"{"nbformat": 4}"#, "it is no notebook: `cells` is no list"),
      (#"{"nbformat": 4, "cells": [3]}"#, "cell 1 is a number, not an object"),
      (
        #"{"nbformat": 4, "cells": [{"cell_type": "sql", "source": ""}]}"#,
        "the `cell_type` of cell 1 is \"sql\", not code, markdown or raw"
      ),
      (
        #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": [1]}]}"#,
        "the `source` of cell 1 is no text"
      ),
      (
        #"{"nbformat": 4, "cells": [{"cell_type": "code", "source": "", "outputs": [{}]}]}"#,
        "the `output_type` of output 1 of cell 1 is missing"
      ),
    ]) func faultsAreNamed(_ text: String, _ message: String)
  {
    #expect {
      try Notebook(ipynb: Array(text.utf8))
    } throws: {
      ($0 as? NotebookError)?.message.hasPrefix(message) == true
    }
  }

  /// Every cut of a good file is refused with a sentence.
  @Test func aFileThatWasCutShortIsRefused() {
    let bytes = Array(Self.file.utf8)
    for count in stride(from: 0, to: bytes.count - 2, by: 7) {
      #expect(throws: NotebookError.self) { try Notebook(ipynb: Array(bytes[..<count])) }
    }
  }

  @Test func base64GoesBothWays() {
    for count in 0..<20 {
      let bytes = (0..<count).map { UInt8(truncatingIfNeeded: $0 * 37 + 200) }
      #expect(Base64.bytes(Base64.text(bytes)) == bytes)
    }
    #expect(Base64.text(Array("hello".utf8)) == "aGVsbG8=")
    #expect(Base64.bytes("aGVs\nbG8=\n") == Array("hello".utf8))
    #expect(Base64.bytes("a") == nil && Base64.bytes("aGV?") == nil && Base64.bytes("a=GV") == nil)
  }
}
