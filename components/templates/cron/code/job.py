"""template-name runs once and ends with 0 when all is well."""


def main() -> None:
    print("template-name did its work")


if __name__ == "__main__":
    main()
