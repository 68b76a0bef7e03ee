/// The error codes of the learning half, for `mdm explain`.
public enum BuiltinCodes {
  public static let explanations: [String: String] = [
    "E0701":
      "A mixture, design or law is not possible as written: weights are finite, at least 0 and "
      + "sum to 1, domains have their suite's names, and a law needs enough different mixtures.",
    "E0702": "A dataset could not be read. The message names the file, the line and the field; the "
      + "other lines are fine or were not looked at.",
    "E0703":
      "A reward broke its contract: it gives one finite number within its declared range for "
      + "every completion.",
    "E0704": "A policy or checkpoint could not be read or written. A checkpoint is a folder with "
      + "config.json, tokenizer.json and model.safetensors, saved whole or not at all.",
    "E0705": "Training or evaluation was asked for something impossible, such as a group of one.",
    "E0706":
      "A table cannot be made or used like this: columns have different names and one length, keys of a "
      + "join the same type, and a pivot one value a place.",
    "E0707":
      "A job cannot be started, found or waited for as asked. `spawn f(x)` starts one, `jobs()` lists "
      + "those of this session.",
    "W0707":
      "The value of a job held functions. They belong to the job, which has ended, so none stands "
      + "for each of them.",
    "E0708":
      "The runs do not allow what was asked to be said: there are too few seeds, none are matched, scores "
      + "are not finite or all equal, or something else was registered. The message says what is missing.",
    "E0801":
      "A file could not be read: it is missing, a folder, not UTF-8, or not what it should hold. Places "
      + "in it are written path:line:byte, from 1. Relative paths begin where mdm was started.",
    "E0802": "A picture could not be drawn or written.",
    "E0803": "A file could not be written. What stood there before is unchanged.",
    "W0803":
      "A run could not be written to the folder of runs, for example because the disk is full. The "
      + "training goes on; what is missing there cannot be found by `attach` or `mdm runs`.",
    "E0804":
      "The store of runs could not be read or written: the message names the file and says why. "
      + "MDM_RUNS names another folder for it.",
    "W0804":
      "A checkpoint of an earlier run could not be read, so its steps are computed again.",
    "E0811":
      "There was no test to run. No file has a test block or an example in its doc comments, or "
      + "none has a name that -k asks for.",
    "E0812": "mdm doc was asked for something that is no function, family or module.",
    "E0813":
      "The formatter found that what it made of a file would not mean the same. The file is "
      + "unchanged; the fault is the formatter's.",
    "E0814":
      "A line that begins with `:` or `?` is for the prompt or the notebook itself, and this one "
      + "could not be followed. `:help` lists what there is.",
    "E0815":
      "A file is no notebook that mdm can use: not the JSON of an .ipynb of nbformat 4, cut short, "
      + "or for another language. Nothing was run or written.",
    "E0816":
      "A cell shows something else than what its notebook stores. Numbers are compared within "
      + "--tolerance, plots by their data; `mdm nb test --update` stores what is shown now.",
  ]
}
