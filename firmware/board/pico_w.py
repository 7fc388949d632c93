"""A Raspberry Pi Pico W: its pins."""

from firmware.board.chip import ChipBoard


class Board(ChipBoard):
    """Scanner at UART 0, printer at UART 1; the lamp is an outer one: the inner is the Wi-Fi's."""

    target = "armv6m"
    uart_scanner = (0, 0, 1)
    uart_printer = (1, 4, 5)
    lamp = 15
    buzzer = 14
    button = 13
