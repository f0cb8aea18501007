"""Run as a script: answers an SMT-LIB 2 script with z3, standard input to output.

The whole program of the child process in which z3 lives; it imports nothing of this
package.

Contents
--------
main        evaluate the script
"""

import sys


def main() -> None:
    """Write z3's answers to the commands read from standard input, one on each line."""
    import z3

    context = z3.Context()
    for command in sys.stdin:
        try:
            sys.stdout.write(z3.Z3_eval_smtlib2_string(context.ref(), command))
        except z3.Z3Exception as error:
            # The values of a model are refused where there is none.
            message = str(error.value).replace('"', "'")
            sys.stdout.write(f'(error "{message}")\n')


if __name__ == "__main__":
    main()
