/**
 * A file that a tool in a child process reads. `descriptor`: the number under which this process has it open. Where the system allows it the tool reads
 * that open file, whatever `path` leads to by now; else, or without a number, the file at `path`. The caller keeps it open meanwhile.
 */
export type SourceFile = { readonly path: string; readonly descriptor?: number | undefined }
