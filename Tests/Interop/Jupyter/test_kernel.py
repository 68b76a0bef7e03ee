"""All 13 checks of jupyter_kernel_test against the installed kernelspec `mdm`; scripts/kernel-test runs them."""

import unittest

import jupyter_kernel_test


class MDMKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "mdm"
    language_name = "mdm"
    file_extension = ".mdm"
    code_hello_world = 'print("hello, world")'
    code_stderr = 'eprint("careful")'
    completion_samples = [
        {"text": "eprin", "matches": {"eprint"}},
        {"text": "let x = eprin", "matches": {"eprint"}},
        {"text": "zzz_no_such", "matches": set()},
    ]
    complete_code_samples = ["1", 'print("hello, world")', "fn f(x) {\n  x + 1\n}", "?print", ":names"]
    incomplete_code_samples = ["fn f(x) {", "[1,", "1 +", '"""text']
    invalid_code_samples = ["let = 5", "fn }", ")"]
    code_page_something = "?print"
    code_generate_error = "[1, 2][7]"
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "[1, 2.5, \"a\"]", "result": '[1, 2.5, "a"]'},
        {"code": "plot([1, 4, 9])", "mime": "image/svg+xml"},
        {"code": "table([{x: 1}])", "mime": "text/html"},
    ]
    code_display_data = [
        {"code": "display([1, 2])", "mime": "text/plain"},
        {"code": "display(plot([1, 2]))", "mime": "image/png"},
        {"code": "display(plot([1, 2]))", "mime": "image/svg+xml"},
        {"code": "display(table([{x: 1}]))", "mime": "text/html"},
    ]
    supported_history_operations = ("tail", "range", "search")
    code_history_pattern = "6 * ?"
    code_inspect_sample = "print"
    code_clear_output = "clear_output()"


class MDMWelcomeTests(jupyter_kernel_test.IopubWelcomeTests):
    kernel_name = "mdm"
    support_iopub_welcome = True


if __name__ == "__main__":
    unittest.main()
