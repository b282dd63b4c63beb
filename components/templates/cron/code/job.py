"""__NAME__ runs once and ends with 0 when all is well."""


def main() -> None:
    print("__NAME__ did its work")


if __name__ == "__main__":
    main()
