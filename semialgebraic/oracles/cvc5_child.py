"""Run as a script: answers an SMT-LIB 2 script with cvc5, standard input to output.

The whole program of the child process in which cvc5 lives; it imports nothing of this
package.

Contents
--------
main        evaluate the script
"""

import sys


def main() -> None:
    """Write cvc5's answers to the commands read from standard input."""
    import cvc5

    solver = cvc5.Solver(cvc5.TermManager())
    parser = cvc5.InputParser(solver)
    parser.setStringInput(
        cvc5.InputLanguage.SMT_LIB_2_6, sys.stdin.read(), "standard input"
    )
    symbols = parser.getSymbolManager()
    while not (command := parser.nextCommand()).isNull():
        sys.stdout.write(command.invoke(solver, symbols))


if __name__ == "__main__":
    main()
